"""The benchmark models in plain PyTorch, layer by layer: the same as in ../../../PipelineSdk.Benchmarks.Models."""
import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F


@dataclass
class Work:
    layers: list
    x: torch.Tensor
    y: torch.Tensor
    loss: object
    micro_batches: int

    def __iter__(self):
        return iter((self.layers, self.x, self.y, self.loss))


class ResidualBlock(nn.Module):
    def __init__(self, source, to, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(source, to, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(to)
        self.conv2 = nn.Conv2d(to, to, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(to)
        self.shortcut = None
        if source != to:
            self.shortcut = nn.Sequential(nn.Conv2d(source, to, 1, stride, bias=False), nn.BatchNorm2d(to))

    def forward(self, x):
        h = F.relu(self.norm1(self.conv1(x)))
        h = self.norm2(self.conv2(h))
        return F.relu(h + (x if self.shortcut is None else self.shortcut(x)))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads, time):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.projection = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.feed_forward = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))
        self.register_buffer("mask", torch.full((time, time), float("-inf")).triu(1))

    def attend(self, x):
        batch, time, width = x.shape
        query, key, value = self.query_key_value(x).view(batch, time, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = query.matmul(key.transpose(-2, -1)) / math.sqrt(width / self.heads) + self.mask
        attended = F.softmax(scores, -1).matmul(value)
        return self.projection(attended.transpose(1, 2).reshape(batch, time, width))

    def forward(self, x):
        x = x + self.attend(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))


class Tokens(nn.Module):
    def __init__(self, vocabulary, width, time):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(time, width) * 0.02)

    def forward(self, x):
        return self.tokens(x) + self.positions


def resnet(batch, micro_batches):
    shapes = [(16, 16, 1), (16, 16, 1), (16, 16, 1), (16, 32, 2), (32, 32, 1), (32, 32, 1), (32, 64, 2), (64, 64, 1), (64, 64, 1)]
    layers = [nn.Sequential(nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU())]
    layers += [ResidualBlock(*shape) for shape in shapes]
    layers += [nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))]
    return Work(layers, torch.randn(batch, 3, 32, 32), torch.randint(0, 10, (batch,)), F.cross_entropy, micro_batches)


def transformer(heads, batch=8, micro_batches=4, width=240, time=64, vocabulary=10_000):
    layers = [Tokens(vocabulary, width, time)] + [TransformerBlock(width, heads, time) for _ in range(4)]
    layers += [nn.Sequential(nn.LayerNorm(width), nn.Linear(width, vocabulary))]
    tokens = torch.randint(0, vocabulary, (batch, time))

    def loss(logits, targets):
        return F.cross_entropy(logits.reshape(-1, vocabulary), targets.reshape(-1))

    return Work(layers, tokens, tokens.roll(-1, 1), loss, micro_batches)


def mlp(batch=512, micro_batches=8, count=16, width=512):
    layers = [nn.Sequential(nn.Linear(width, width), nn.ReLU()) for _ in range(count)]
    return Work(layers, torch.randn(batch, width), torch.randn(batch, width), F.mse_loss, micro_batches)


WORK = {
    "resnet20-512/64": lambda: resnet(512, 8),
    "resnet20-128/16": lambda: resnet(128, 8),
    "transformer-4h": lambda: transformer(4),
    "transformer-8h": lambda: transformer(8),
    "mlp-16x512": mlp,
}


def build(name):
    return WORK[name]()
