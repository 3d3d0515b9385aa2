import torch


def test_every_block_reads_its_own_slots(build):
    names = [name for name, _ in build("memory").named_parameters()]
    assert sum(name.endswith("extra.keys") for name in names) == 2
    assert sum(name.endswith("extra.values") for name in names) == 2


def test_forecasting_leaves_no_trace_in_the_model(build, draw):
    model = build("memory").train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    model(*draw().inputs())
    after = model.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)
