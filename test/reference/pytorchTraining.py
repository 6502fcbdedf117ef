"""Makes test/data/pytorchTraining.json: what PyTorch gives for our networks.

    pip install torch==2.6.0 numpy
    python test/reference/pytorchTraining.py && npx prettier --write test/data/pytorchTraining.json

Weights, images and labels come from a generator of 32-bit integers that the test
(src/core/onnx/trainingParity.test.ts) has too, so that only results are stored: the loss of each of
ten steps with each optimizer, and of every tensor its length and its product with a fixed direction:
the gradients of the first step, the weights after the last.
"""

import json
import math
from pathlib import Path

import torch
import torch.nn.functional as F

STEPS = 10
BATCH_SIZE = 16
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"lr": 0.05}),
    "momentum": (torch.optim.SGD, {"lr": 0.02, "momentum": 0.9}),
    "adam": (torch.optim.Adam, {"lr": 0.002}),
    "adamw": (torch.optim.AdamW, {"lr": 0.002, "weight_decay": 0.01}),
}


def uniforms(seed):
    """Linear congruential generator (Press et al., Numerical Recipes): numbers in [0, 1)."""
    state = seed
    while True:
        state = (state * 1664525 + 1013904223) % 2**32
        yield state / 2**32


def draw(stream, shape, bound):
    """fp32 tensor, evenly between -bound and bound, row by row."""
    count = math.prod(shape)
    values = [(2 * next(stream) - 1) * bound for _ in range(count)]
    return torch.tensor(values, dtype=torch.float64).to(torch.float32).reshape(shape)


def mlp(x, p):
    x = F.relu(x @ p["linear1.weight"] + p["linear1.bias"])
    x = F.relu(x @ p["linear2.weight"] + p["linear2.bias"])
    return x @ p["linear3.weight"] + p["linear3.bias"]


def cnn(x, p):
    x = F.relu(F.conv2d(x, p["conv1.weight"], p["conv1.bias"], padding=1))
    x = F.relu(F.conv2d(x, p["conv2.weight"], p["conv2.bias"], stride=2, padding=1))
    return x.flatten(1) @ p["linear.weight"] + p["linear.bias"]


HIDDEN, HEADS, LAYERS, INTERMEDIATE, VOCABULARY, POSITIONS, TOKENS = 16, 4, 2, 24, 31, 12, 8


def heads(x, count):
    return x.unflatten(-1, (count, HIDDEN // HEADS)).transpose(1, 2)


def gpt2(tokens, p):
    def norm(x, name):
        return F.layer_norm(x, [HIDDEN], p[f"{name}.weight"], p[f"{name}.bias"], 1e-5)

    def dense(x, name):
        return x @ p[f"{name}.weight"] + p[f"{name}.bias"]

    x = p["embed_tokens.weight"][tokens] + p["embed_positions.weight"][:TOKENS]
    for index in range(LAYERS):
        layer = f"layers.{index}"
        seen = norm(x, f"{layer}.input_layernorm")
        attended = F.scaled_dot_product_attention(
            *(heads(dense(seen, f"{layer}.self_attn.{name}_proj"), HEADS) for name in "qkv"),
            is_causal=True,
        )
        x = x + dense(attended.transpose(1, 2).flatten(2), f"{layer}.self_attn.o_proj")
        up = dense(norm(x, f"{layer}.post_attention_layernorm"), f"{layer}.mlp.up_proj")
        x = x + dense(F.gelu(up), f"{layer}.mlp.down_proj")
    return (norm(x, "norm") @ p["embed_tokens.weight"].T).flatten(0, 1)


def turn(x):
    """Rotary positions as in transformers' modeling_llama.py."""
    size = HIDDEN // HEADS
    frequency = 1 / 10000 ** (torch.arange(0, size, 2, dtype=torch.float64) / size)
    angle = torch.outer(torch.arange(TOKENS, dtype=torch.float64), frequency)
    angle = torch.cat((angle, angle), -1)
    half = torch.cat((-x[..., size // 2 :], x[..., : size // 2]), -1)
    return x * angle.cos().to(x.dtype) + half * angle.sin().to(x.dtype)


def llama(tokens, p):
    def norm(x, name):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * p[f"{name}.weight"]

    def dense(x, name):
        return x @ p[f"{name}.weight"]

    x = p["embed_tokens.weight"][tokens]
    for index in range(LAYERS):
        layer = f"layers.{index}"
        seen = norm(x, f"{layer}.input_layernorm")
        query = turn(heads(dense(seen, f"{layer}.self_attn.q_proj"), HEADS))
        key = turn(heads(dense(seen, f"{layer}.self_attn.k_proj"), HEADS // 2))
        value = heads(dense(seen, f"{layer}.self_attn.v_proj"), HEADS // 2)
        attended = F.scaled_dot_product_attention(
            query, key.repeat_interleave(2, 1), value.repeat_interleave(2, 1), is_causal=True
        )
        x = x + dense(attended.transpose(1, 2).flatten(2), f"{layer}.self_attn.o_proj")
        middle = norm(x, f"{layer}.post_attention_layernorm")
        gate = F.silu(dense(middle, f"{layer}.mlp.gate_proj"))
        x = x + dense(gate * dense(middle, f"{layer}.mlp.up_proj"), f"{layer}.mlp.down_proj")
    return (norm(x, "norm") @ p["lm_head.weight"].T).flatten(0, 1)


def decoder_shapes(is_gpt2):
    """In the order of src/core/onnx/networks/gptDecoder.ts, in which they are drawn."""
    shapes = {}

    def matrix(name, inputs, outputs):
        shapes[f"{name}.weight"] = [inputs, outputs]
        if is_gpt2:
            shapes[f"{name}.bias"] = [outputs]

    def norm(name):
        shapes[f"{name}.weight"] = [HIDDEN]
        if is_gpt2:
            shapes[f"{name}.bias"] = [HIDDEN]

    shapes["embed_tokens.weight"] = [VOCABULARY, HIDDEN]
    if is_gpt2:
        shapes["embed_positions.weight"] = [POSITIONS, HIDDEN]
    for index in range(LAYERS):
        layer = f"layers.{index}"
        norm(f"{layer}.input_layernorm")
        shared = HIDDEN if is_gpt2 else HIDDEN // 2
        for name, outputs in {"q": HIDDEN, "k": shared, "v": shared, "o": HIDDEN}.items():
            matrix(f"{layer}.self_attn.{name}_proj", HIDDEN, outputs)
        norm(f"{layer}.post_attention_layernorm")
        if not is_gpt2:
            matrix(f"{layer}.mlp.gate_proj", HIDDEN, INTERMEDIATE)
        matrix(f"{layer}.mlp.up_proj", HIDDEN, INTERMEDIATE)
        matrix(f"{layer}.mlp.down_proj", INTERMEDIATE, HIDDEN)
    norm("norm")
    if not is_gpt2:
        shapes["lm_head.weight"] = [VOCABULARY, HIDDEN]
    return shapes


NETWORKS = {
    "tiny-gpt2": {"forward": gpt2, "tokens": TOKENS, "shapes": decoder_shapes(True)},
    "tiny-llama": {"forward": llama, "tokens": TOKENS, "shapes": decoder_shapes(False)},
    "digits-mlp": {
        "forward": mlp,
        "input": [64],
        "shapes": {
            "linear1.weight": [64, 128],
            "linear1.bias": [128],
            "linear2.weight": [128, 64],
            "linear2.bias": [64],
            "linear3.weight": [64, 10],
            "linear3.bias": [10],
        },
    },
    "digits-cnn": {
        "forward": cnn,
        "input": [1, 8, 8],
        "shapes": {
            "conv1.weight": [16, 1, 3, 3],
            "conv1.bias": [16],
            "conv2.weight": [32, 16, 3, 3],
            "conv2.bias": [32],
            "linear.weight": [512, 10],
            "linear.bias": [10],
        },
    },
}


def measure(tensor):
    """Length, and product with a direction that no permutation or sign change leaves alone."""
    flat = tensor.detach().to(torch.float64).flatten()
    stream = uniforms(7)
    direction = torch.tensor([2 * next(stream) - 1 for _ in range(flat.numel())], dtype=torch.float64)
    return {"length": flat.norm().item(), "product": (flat @ direction).item()}


def draw_integers(stream, count, bound):
    return torch.tensor([int(next(stream) * bound) for _ in range(count)])


def draw_batch(stream, network):
    if "tokens" in network:
        count = BATCH_SIZE * network["tokens"]
        inputs = draw_integers(stream, count, VOCABULARY).reshape(BATCH_SIZE, -1)
        return inputs, draw_integers(stream, count, VOCABULARY)
    images = (draw(stream, [BATCH_SIZE, *network["input"]], 0.5) + 0.5).to(torch.float32)
    return images, draw_integers(stream, BATCH_SIZE, 10)


def train(network, make_optimizer, settings):
    stream = uniforms(1)
    parameters = {
        name: draw(stream, shape, 0.3).requires_grad_() for name, shape in network["shapes"].items()
    }
    optimizer = make_optimizer(parameters.values(), **settings)
    losses, gradients = [], None
    for _ in range(STEPS):
        inputs, labels = draw_batch(stream, network)
        loss = F.cross_entropy(network["forward"](inputs, parameters), labels)
        optimizer.zero_grad()
        loss.backward()
        if gradients is None:
            gradients = {name: measure(value.grad) for name, value in parameters.items()}
        optimizer.step()
        losses.append(loss.item())
    weights = {name: measure(value) for name, value in parameters.items()}
    return losses, gradients, weights


def main():
    torch.set_num_threads(1)
    result = {"pytorch": torch.__version__, "batchSize": BATCH_SIZE, "networks": {}}
    for name, network in NETWORKS.items():
        runs = {}
        for optimizer, (make_optimizer, settings) in OPTIMIZERS.items():
            losses, gradients, weights = train(network, make_optimizer, settings)
            runs[optimizer] = {
                "learningRate": settings["lr"],
                "losses": losses,
                "weights": weights,
            }
        result["networks"][name] = {"gradients": gradients, "optimizers": runs}
    path = Path(__file__).parent.parent / "data" / "pytorchTraining.json"
    path.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
