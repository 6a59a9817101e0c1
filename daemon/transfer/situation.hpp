// How a transfer stands, as `why` explains it: values that are gathered on the loop, and what is
// said of them. explain() is the one place that has words for it. Thread: any; pure.
#pragma once

#include "daemon/download/supply.hpp"
#include "daemon/transfer/reason.hpp"
#include "daemon/transfer/transfer_row.hpp"

namespace p2pd::transfer {

struct Situation {
  std::uint64_t id = 0;
  TransferState state = TransferState::running;
  Stage stage = Stage::locate;
  Failure failure;
  double rate = 0;      // bytes per second
  std::size_t turn = 0; // it waits for its own among as many fetches; 0: it does not
  bool copying = false; // out of what this machine has; there are no sources then
  download::Supply supply;
};

Reasons explain(const Situation& situation);

} // namespace p2pd::transfer
