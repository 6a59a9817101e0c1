// The rows of the command table, in the order in which p2pctl lists them.
#include "proto/commands/local.hpp"
#include "proto/commands/membership.hpp"
#include "proto/commands/network.hpp"
#include "proto/commands/nodes.hpp"
#include "proto/commands/operation.hpp"
#include "proto/commands/sharing.hpp"
#include "proto/commands/transfers.hpp"
#include "proto/commands/tuning.hpp"

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
