"""The PyTorch side of bench/training.ts: a decoder trained as people do on a CPU, fused AdamW and
scaled_dot_product_attention. Reads a JSON document with the sizes and the files of weights and tokens,
then a number of steps from each line of standard input, and answers each with times and losses.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, hidden, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(hidden), nn.LayerNorm(hidden)
        self.q, self.k, self.v, self.o = (nn.Linear(hidden, hidden) for _ in range(4))
        self.up, self.down = nn.Linear(hidden, 4 * hidden), nn.Linear(4 * hidden, hidden)

    def forward(self, x):
        seen = self.norm1(x)
        split = lambda y: y.unflatten(-1, (self.heads, -1)).transpose(1, 2)
        attended = F.scaled_dot_product_attention(
            split(self.q(seen)), split(self.k(seen)), split(self.v(seen)), is_causal=True
        )
        x = x + self.o(attended.transpose(1, 2).flatten(2))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Decoder(nn.Module):
    def __init__(self, size):
        super().__init__()
        hidden = size["hiddenSize"]
        self.tokens = nn.Embedding(size["vocabSize"], hidden)
        self.positions = nn.Embedding(size["sequenceLength"], hidden)
        self.blocks = nn.ModuleList(
            Block(hidden, size["numAttentionHeads"]) for _ in range(size["numHiddenLayers"])
        )
        self.norm = nn.LayerNorm(hidden)

    def forward(self, tokens):
        x = self.tokens(tokens) + self.positions.weight
        for block in self.blocks:
            x = block(x)
        return self.norm(x) @ self.tokens.weight.T

    def inOrder(self):
        """As gptDecoder.ts orders its parameters; matrices there are [inputs, outputs]."""
        yield self.tokens.weight, False
        yield self.positions.weight, False
        for b in self.blocks:
            for layer in (b.norm1, b.q, b.k, b.v, b.o, b.norm2, b.up, b.down):
                yield layer.weight, isinstance(layer, nn.Linear)
                yield layer.bias, False
        yield self.norm.weight, False
        yield self.norm.bias, False


def main():
    size = json.loads(sys.argv[1])
    torch.set_num_threads(size["threadCount"])
    model = Decoder(size)
    stored = torch.frombuffer(bytearray(open(size["weights"], "rb").read()), dtype=torch.float32)
    with torch.no_grad():
        for parameter, isTurned in model.inOrder():
            count = parameter.numel()
            values, stored = stored[:count], stored[count:]
            shape = parameter.shape[::-1] if isTurned else parameter.shape
            parameter.copy_(values.reshape(shape).T if isTurned else values.reshape(shape))
    assert stored.numel() == 0
    read = lambda path: torch.frombuffer(bytearray(open(path, "rb").read()), dtype=torch.int32).long()
    tokens = read(size["tokens"]).reshape(size["batchSize"], size["sequenceLength"])
    labels = read(size["labels"])
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=size["learningRate"], weight_decay=0.01, fused=True
    )
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        times, losses = [], []
        for _ in range(int(line)):
            start = time.perf_counter()
            loss = F.cross_entropy(model(tokens).flatten(0, 1), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            times.append(1000 * (time.perf_counter() - start))
        print(json.dumps({"timesMs": times, "losses": losses}), flush=True)


if __name__ == "__main__":
    main()
