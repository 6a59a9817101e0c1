#include "ctl/commands/handlers.hpp"

#include "ctl/commands/commands.hpp"

#include <algorithm>
#include <cassert>

namespace p2pd::ctl {

std::span<const Handler> handlers() {
  return handler_table;
}

const Handler& handler_of(std::string_view command) {
  const auto found = std::ranges::find(handler_table, command, &Handler::command);
  assert(found != handler_table.end());
  return *found;
}

} // namespace p2pd::ctl
