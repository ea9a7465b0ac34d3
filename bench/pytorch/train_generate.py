"""Milliseconds of a training step of the transformer of `train-generate`, in PyTorch on one thread.

    python bench/pytorch/train_generate.py

The same sizes, operations and optimizer as `generate.presets.transformer` of @heed/tasks; random symbols, since the time doesn't depend
on which they are. Prints one JSON object; see PYTORCH.md.
"""

import json
import math
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

LAYERS, WIDTH, HEADS, FEED_FORWARD, SYMBOLS, TIME, BATCH = 3, 128, 4, 256, 81, 192, 8
WARM_UP, STEPS = 10, 60


def rotary_table():
    half = WIDTH // HEADS // 2
    angles = torch.outer(torch.arange(TIME), 10000.0 ** (-torch.arange(half) / half))
    return torch.cos(angles), torch.sin(angles)


def turn(x, cos, sin):
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention_norm, self.norm = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.projections = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.output = nn.Linear(WIDTH, WIDTH, bias=False)
        self.up = nn.Linear(WIDTH, FEED_FORWARD, bias=False)
        self.down = nn.Linear(FEED_FORWARD, WIDTH, bias=False)

    def forward(self, x, cos, sin):
        parts = self.projections(self.attention_norm(x)).view(BATCH, TIME, 3, HEADS, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        query, key = turn(query, cos, sin), turn(key, cos, sin)
        context = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(context.transpose(1, 2).reshape(BATCH, TIME, WIDTH))
        return x + self.down(F.relu(self.up(self.norm(x))).square())


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(SYMBOLS, WIDTH)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        self.output = nn.Linear(WIDTH, SYMBOLS, bias=False)
        self.cos, self.sin = rotary_table()

    def forward(self, symbols):
        x = self.embedding(symbols) * math.sqrt(WIDTH)
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        return self.output(self.norm(x))


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = Transformer()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.006)
    times = []
    for _ in range(WARM_UP + STEPS):
        symbols = torch.randint(SYMBOLS, (BATCH, TIME + 1))
        start = time.perf_counter()
        logits = model(symbols[:, :-1])
        loss = F.cross_entropy(logits.reshape(-1, SYMBOLS), symbols[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        loss.item()
        times.append(1000 * (time.perf_counter() - start))
    counted = sorted(times[WARM_UP:])
    result = {
        "case": "train-generate",
        "with": f"PyTorch {torch.__version__}",
        "threads": 1,
        "parameters": sum(p.numel() for p in model.parameters()),
        "ms": round(statistics.median(counted), 1),
        "range": [round(counted[0], 1), round(counted[-1], 1)],
        "steps": STEPS,
    }
    print(json.dumps(result))


main()
