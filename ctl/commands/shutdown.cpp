// shutdown: said when the daemon has gone.
#include "ctl/commands/commands.hpp"

namespace p2pd::ctl {

std::string render_shutdown(Answers, const Style& style) {
  return style.terminal ? "the daemon has stopped\n" : "";
}

} // namespace p2pd::ctl
