// peers: who is connected, or on a tracker who is registered.
#include "ctl/commands/commands.hpp"

#include "ctl/render/table.hpp"

namespace p2pd::ctl {

std::string render_peers(Answers answers, const Style& style) {
  Table table({{"NAME"},
               {"ADDRESS"},
               {"ROLE"},
               {"RTT", Column::number},
               {"SINCE"},
               {"VERSION"},
               {"ID", Column::id}});
  for (const proto::Value& peer : list_of(answers.front()["peers"]))
    table.row({text_cell(peer["name"]), text_cell(peer["address"]), text_cell(peer["role"]),
               milliseconds_cell(peer["rtt_ms"]), age_cell(peer["connected_since"]),
               text_cell(peer["version"]), text_cell(peer["id"])});
  if (table.empty() && style.terminal) return "no peers\n";
  return table.drawn(style);
}

} // namespace p2pd::ctl
