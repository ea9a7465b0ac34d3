#!/usr/bin/env node
// It is there before anything is built, so that package managers link it when they install.
import module from 'node:module';

// From Node 22.8 on, V8 keeps what it compiled for the next start; NODE_DISABLE_COMPILE_CACHE=1 turns that off.
module.enableCompileCache?.();
const { start } = await import('../dist/bundle/start.js');
await start(() => import('../dist/main.js'));
