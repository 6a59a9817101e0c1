// reload: what is in force now and what waits for a restart; log-level: the one in force.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"

namespace p2pd::ctl {

namespace {

using proto::Value;

// For people one line, for scripts one line a key.
void add_keys(std::string& text, const Value& keys, const char* words, const char* word,
              bool for_people) {
  std::string list;
  for (const Value& key : list_of(keys)) {
    if (!for_people) text += std::string(word) + '\t' + text_of(key) + '\n';
    list += (list.empty() ? "" : ", ") + text_of(key);
  }
  if (for_people && !list.empty()) text += words + list + '\n';
}

} // namespace

std::string render_reload(Answers answers, const Style& style) {
  std::string text;
  const bool for_people = style.terminal;
  add_keys(text, answers.front()["applied"], "in force now: ", "applied", for_people);
  add_keys(text, answers.front()["restart"], "waits for a restart: ", "restart", for_people);
  return text.empty() && for_people ? "nothing has changed\n" : text;
}

std::string render_log_level(Answers answers, const Style& style) {
  const std::string level = text_of(answers.front()["level"]);
  return (style.terminal ? "the log tells " + level : level) + '\n';
}

} // namespace p2pd::ctl
