// verify: said when every chunk is right; anything else is the daemon's error.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"
#include "ctl/render/lines.hpp"

namespace p2pd::ctl {

using proto::Value;

std::string render_verify(Answers answers, const Style& style) {
  if (!style.terminal)
    return plain_lines(result_of("verify"), {"name", "id", "size", "chunks", "bad_chunks", "path"},
                       answers);
  std::string text;
  for (const Value& answer : answers) {
    const Cell chunks = text_cell(answer["chunks"]);
    text += text_cell(answer["name"]).text +
            (chunks.plain == "1" ? ": its one chunk is right"
                                 : ": all " + chunks.text + " chunks are right") +
            '\n';
  }
  return text;
}

} // namespace p2pd::ctl
