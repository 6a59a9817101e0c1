// why: what holds up each transfer, most serious first, with the remedy.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"
#include "ctl/render/text.hpp"

namespace p2pd::ctl {

std::string render_why(Answers answers, const Style& style) {
  std::string out;
  for (const proto::Value& answer : answers) {
    const std::string id = text_of(answer["id"]);
    if (style.terminal) {
      const std::string title =
          "transfer " + id + " (" + text_of(answer["name"]) + ") is " + text_of(answer["state"]);
      out += tinted(title, Tint::heading, style) + '\n';
    }
    for (const proto::Value& reason : list_of(answer["reasons"])) {
      const std::string cause = text_of(reason["cause"]);
      const std::string remedy = text_of(reason["remedy"]);
      if (style.terminal)
        out +=
            "  " + wrapped(cause + (remedy.empty() ? "" : "; " + remedy), style.columns, 2) + '\n';
      else
        out += id + '\t' + cause + '\t' + remedy + '\n';
    }
  }
  return out;
}

} // namespace p2pd::ctl
