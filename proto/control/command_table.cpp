// The rows of the command table, in the order in which p2pctl lists them.
#include "proto/control/commands/local.hpp"
#include "proto/control/commands/membership.hpp"
#include "proto/control/commands/network.hpp"
#include "proto/control/commands/nodes.hpp"
#include "proto/control/commands/operation.hpp"
#include "proto/control/commands/sharing.hpp"
#include "proto/control/commands/transfers.hpp"
#include "proto/control/commands/tuning.hpp"

namespace p2pd::proto {

namespace {

constexpr std::array all =
    table::joined(table::node_commands, table::network_commands, table::sharing_commands,
                  table::transfer_commands, table::tuning_commands, table::membership_commands,
                  table::operation_commands, table::local_commands);

} // namespace

std::span<const Command> commands() {
  return all;
}

} // namespace p2pd::proto
