// verify: said when every chunk is right; anything else is the daemon's error.
#include "ctl/commands/commands.hpp"

#include "ctl/render/table.hpp"

namespace p2pd::ctl {

using proto::Value;

std::string render_verify(Answers answers, const Style& style) {
  Table plain({{"NAME"}, {"ID"}, {"SIZE"}, {"CHUNKS"}, {"BAD CHUNKS"}, {"PATH"}});
  std::string lines;
  for (const Value& answer : answers) {
    const Cell name = text_cell(answer["name"]);
    const Cell chunks = text_cell(answer["chunks"]);
    plain.row({name, text_cell(answer["id"]), size_cell(answer["size"]), chunks,
               text_cell(answer["bad_chunks"]), text_cell(answer["path"])});
    lines += name.text +
             (chunks.plain == "1" ? ": its one chunk is right"
                                  : ": all " + chunks.text + " chunks are right") +
             '\n';
  }
  return style.terminal ? lines : plain.drawn(style);
}

} // namespace p2pd::ctl
