// Who belongs to the network: invite and join; connect and disconnect, for the trackers of it;
// kick, ban, unban and bans, for its peers.
#include "ctl/commands/commands.hpp"

#include "ctl/base/failure.hpp"
#include "ctl/render/lines.hpp"
#include "ctl/render/table.hpp"

#include <cstdio>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

using proto::ExitCode;
using proto::Value;

// A token has at most some thousand bytes. On a terminal its line is all; from a pipe it may come
// in several lines, as mails break it.
std::string token_from_stdin() {
  constexpr std::size_t most = 64 * 1024;
  const bool one_line = ::isatty(STDIN_FILENO) != 0;
  if (one_line) std::fputs("Paste the token and press Enter: ", stderr);
  std::string token;
  for (int c = std::getchar(); c != EOF && token.size() < most; c = std::getchar()) {
    if (c == '\n' && one_line) break;
    token += static_cast<char>(c);
  }
  if (token.find_first_not_of(" \t\r\n") == std::string::npos)
    throw Failure(ExitCode::usage, "there is no token on stdin",
                  "\"p2pctl invite\" on the tracker prints one");
  return token;
}

} // namespace

void prepare_join(std::vector<Value>& requests) {
  for (Value& request : requests)
    if (request["token"] == Value("-")) request.set("token", token_from_stdin());
}

std::string render_invite(Answers answers, const Style&) {
  return text_of(answers.front()["token"]) + '\n';
}

std::string render_join(Answers answers, const Style& style) {
  const Value& answer = answers.front();
  if (!style.terminal)
    return plain_lines(result_of("join"), {"address", "id", "state", "error"}, answers);
  const Cell state = state_cell(answer["state"]);
  const std::string error = text_of(answer["error"]);
  return text_cell(answer["address"]).text + ' ' + tinted(state.text, state.tint, style) +
         (error.empty() ? "" : ": " + error) + '\n';
}

std::string render_disconnect(Answers answers, const Style& style) {
  const Value::Array& trackers = list_of(answers.front()["trackers"]);
  if (!style.terminal)
    return plain_lines(row_of("disconnect", "trackers"), {"address", "id"}, trackers);
  std::string text;
  for (const Value& tracker : trackers)
    text += text_of(tracker["address"]) + " is no tracker of this peer any more\n";
  return text;
}

std::string render_bans(Answers answers, const Style& style) {
  const Value::Array& bans = list_of(answers.front()["bans"]);
  const bool of_peer = !bans.empty() && !text_of(bans.front()["by"]).empty();
  Table table = of_peer ? Table({{"NAME"}, {"SINCE"}, {"ID", Column::id}, {"BY", Column::id}})
                        : Table({{"NAME"}, {"SINCE"}, {"ID", Column::id}});
  for (const Value& ban : bans) {
    std::vector<Cell> row{text_cell(ban["name"]), age_cell(ban["since"]), text_cell(ban["id"])};
    if (of_peer) row.push_back(text_cell(ban["by"]));
    table.row(std::move(row));
  }
  if (table.empty() && style.terminal) return "nobody is banned\n";
  return table.drawn(style);
}

std::string render_moderated(Answers answers, const Style& style) {
  if (!style.terminal) return plain_lines(result_of("kick"), {"name", "id", "state"}, answers);
  const Value& answer = answers.front();
  const Cell name = text_cell(answer["name"]);
  const Cell id = text_cell(answer["id"]);
  const Cell state = text_cell(answer["state"]);
  return (name.plain.empty() ? id.text : name.text + " (" + id.text + ')') + " is " + state.text +
         '\n';
}

} // namespace p2pd::ctl
