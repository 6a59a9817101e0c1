// Handlers of the commands about transfers. Loop thread only.
#pragma once

#include "daemon/control/dispatcher.hpp"
#include "daemon/peer/transfers.hpp"

namespace p2pd::control {

void bind_transfers(Dispatcher& dispatcher, peer::Transfers& transfers);

// A transfer as `transfers` and `fetch` show it.
Value transfer_value(const peer::TransferRow& row);

} // namespace p2pd::control
