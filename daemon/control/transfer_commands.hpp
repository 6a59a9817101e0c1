// Handlers of the commands about transfers. Loop thread only.
#pragma once

#include "daemon/control/dispatcher.hpp"
#include "daemon/transfer/transfers.hpp"

namespace p2pd::control {

void bind_transfers(Dispatcher& dispatcher, transfer::Transfers& transfers);

// A transfer as `transfers` and `fetch` show it.
Value transfer_value(const transfer::TransferRow& row);

} // namespace p2pd::control
