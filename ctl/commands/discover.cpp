// discover: what a peer shares.
#include "ctl/commands/commands.hpp"

#include "ctl/render/table.hpp"

namespace p2pd::ctl {

std::string render_discover(Answers answers, const Style& style) {
  const proto::Value& answer = answers.front();
  Table table({{"NAME"},
               {"SIZE", Column::number},
               {"CHUNKS", Column::number},
               {"ID", Column::id},
               {"PATH"}});
  for (const proto::Value& file : list_of(answer["files"]))
    table.row({text_cell(file["name"]), size_cell(file["size"]), text_cell(file["chunks"]),
               text_cell(file["id"]), path_cell(file["path"])});
  if (!style.terminal) return table.drawn(style);
  const std::string who =
      text_cell(answer["peer"]["name"]).text + " at " + text_cell(answer["peer"]["address"]).text;
  return table.empty() ? who + " shares nothing\n" : who + " shares\n" + table.drawn(style);
}

} // namespace p2pd::ctl
