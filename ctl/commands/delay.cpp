// delay: how late requests for chunks are answered.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"
#include "proto/units.hpp"

namespace p2pd::ctl {

std::string render_delay(Answers answers, const Style& style) {
  const proto::Value& delay = answers.front()["delay_ms"];
  if (!style.terminal) return text_of(delay) + '\n';
  const std::chrono::milliseconds time(natural_of(delay).value_or(0));
  if (time.count() == 0) return "requests are answered at once\n";
  return "requests are answered " + proto::format_duration(time) + " late\n";
}

} // namespace p2pd::ctl
