"""What a user of PyTorch would run instead, on the same work: one process, and pipelines of two.

Reads lines "CONTENDER STEPS" from standard input and answers each with a line of JSON: the seconds of every step, or an error.
Contenders: one (one thread, whole batch), all (all cores, whole batch), gloo and queue (two processes of one thread each under
1F1B, over torch.distributed with gloo and over multiprocessing queues).
"""
import json
import sys
import time
from collections import deque

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

from models import build

PORT_BASE = 29500


def split(work):
    """The layers of the two stages, cut where their measured costs differ least."""
    layers, x, y, loss = work
    costs = []
    part, targets = x[: len(x) // work.micro_batches], y[: len(y) // work.micro_batches]
    for _ in range(3):
        costs, h = [], part
        for layer in layers:
            h = h.detach()
            if h.is_floating_point():
                h.requires_grad_()
            start = time.perf_counter()
            out = layer(h)
            if layer is layers[-1]:
                loss(out, targets).backward()
            else:
                out.sum().backward()
            costs.append(time.perf_counter() - start)
            h = out
    total = sum(costs)
    cut = min(range(1, len(layers)), key=lambda i: abs(total - 2 * sum(costs[:i])))
    for layer in layers:
        layer.zero_grad()
    return layers[:cut], layers[cut:]


def forward(layers, h):
    for layer in layers:
        h = layer(h)
    return h


class Sequential:
    def __init__(self, work, threads):
        self.work, self.threads = work, threads

    def close(self):
        pass

    def run(self, steps):
        torch.set_num_threads(self.threads)
        layers, x, y, loss = self.work
        times = []
        for _ in range(steps):
            start = time.perf_counter()
            for layer in layers:
                layer.zero_grad()
            loss(forward(layers, x), y).backward()
            times.append(time.perf_counter() - start)
        return times


def stage_process(rank, name, transport, pipe, queues, port, cut):
    torch.set_num_threads(1)
    torch.manual_seed(1)
    work = build(name)
    if transport == "gloo":
        dist.init_process_group("gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=2)
    stage = Stage(rank, work, cut, transport, queues)
    pipe.send("ready")
    while pipe.recv() == "step":
        stage.step()
        pipe.send("done")


class Stage:
    def __init__(self, rank, work, cut, transport, queues):
        self.rank, self.work, self.transport, self.queues = rank, work, transport, queues
        layers, x, y, self.loss = work
        self.layers = layers[:cut] if rank == 0 else layers[cut:]
        self.m = work.micro_batches
        self.inputs, self.targets = x.chunk(self.m), y.chunk(self.m)
        with torch.no_grad():
            self.shape = forward(layers[:cut], self.inputs[0]).shape
        self.sent = []

    def send(self, tensor):
        if self.transport == "gloo":
            tensor = tensor.contiguous()
            self.sent.append((dist.isend(tensor, 1 - self.rank), tensor))
        else:
            self.queues[1 - self.rank].put(tensor)

    def receive(self):
        if self.transport == "gloo":
            tensor = torch.empty(self.shape)
            dist.recv(tensor, 1 - self.rank)
            return tensor
        return self.queues[self.rank].get().clone()

    def step(self):
        for layer in self.layers:
            layer.zero_grad()
        if self.rank == 0:
            held = deque()
            for i in range(self.m):
                out = forward(self.layers, self.inputs[i])
                self.send(out.detach())
                held.append(out)
                if i > 0:
                    held.popleft().backward(self.receive())
            held.popleft().backward(self.receive())
        else:
            for i in range(self.m):
                h = self.receive().requires_grad_()
                (self.loss(forward(self.layers, h), self.targets[i]) / self.m).backward()
                self.send(h.grad)
        for request, _ in self.sent:
            request.wait()
        self.sent.clear()


class Processes:
    def __init__(self, name, transport, cut, number):
        context = mp.get_context("spawn")
        queues = [context.Queue(), context.Queue()]
        self.pipes = []
        for rank in range(2):
            mine, theirs = context.Pipe()
            context.Process(
                target=stage_process, args=(rank, name, transport, theirs, queues, PORT_BASE + number, cut), daemon=True).start()
            self.pipes.append(mine)
        for pipe in self.pipes:
            assert pipe.recv() == "ready"

    def close(self):
        for pipe in self.pipes:
            pipe.send("end")

    def run(self, steps):
        times = []
        for _ in range(steps):
            start = time.perf_counter()
            for pipe in self.pipes:
                pipe.send("step")
            for pipe in self.pipes:
                pipe.recv()
            times.append(time.perf_counter() - start)
        return times


def main():
    name, cores = sys.argv[1], int(sys.argv[2])
    torch.manual_seed(1)
    work = build(name)
    torch.set_num_threads(1)
    cut = len(split(work)[0])
    made = {}

    def make(contender):
        if contender == "one":
            return Sequential(work, 1)
        if contender == "all":
            return Sequential(work, cores)
        return Processes(name, contender, cut, len(made))

    print(json.dumps({"torch": torch.__version__, "cut": cut}), flush=True)
    for line in sys.stdin:
        contender, steps = line.split()
        try:
            if contender not in made:
                made[contender] = make(contender)
            answer = {"times": made[contender].run(int(steps))}
        except Exception as error:  # the other side shows it
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)
    for contender in made.values():
        contender.close()


if __name__ == "__main__":
    main()
