// ping: whether a peer answers, by which way, and how long that takes.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"
#include "ctl/render/lines.hpp"

namespace p2pd::ctl {

using proto::Value;

std::string render_ping(Answers answers, const Style& style) {
  const Value& answer = answers.front();
  const Value& peer = answer["peer"];
  const Value::Array& rtts = list_of(answer["rtt_ms"]);
  if (rtts.empty()) return ""; // the error says it
  if (!style.terminal)
    return plain_lines(result_of("ping"),
                       {"peer.name", "peer.id", "peer.address", "via", "tracker", "rtt_ms"},
                       answers);
  std::string line = text_of(peer["name"]) + " at " + text_cell(peer["address"]).text + " answers";
  if (const std::string tracker = text_of(answer["tracker"]); !tracker.empty())
    line += " through the tracker " + tracker;
  for (const Value& rtt : rtts)
    line += (&rtt == &rtts.front() ? ": " : ", ") + milliseconds_cell(rtt).text;
  return line + '\n';
}

} // namespace p2pd::ctl
