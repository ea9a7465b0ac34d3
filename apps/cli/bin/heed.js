#!/usr/bin/env node
// It is there before anything is built, so that package managers link it when they install.
import '../dist/main.js';
