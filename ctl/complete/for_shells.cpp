#include "ctl/complete/for_shells.hpp"

#include "ctl/base/words.hpp"
#include "ctl/complete/ask.hpp"

namespace p2pd::ctl {

namespace {

using Words = std::vector<std::string>;

std::string for_bash(const std::string& text, const std::string& breaks) {
  Line line = split(text, breaks);
  if (!line.in_word) line.words.emplace_back();
  const Completions found = complete(std::span(line.words).subspan(1), ask_quietly);
  std::string out = found.paths ? "paths\n" : "words\n";
  for (const Candidate& candidate : found.candidates)
    out += as_typed(candidate.text.substr(line.kept_of_word), line.open) + '\n';
  return out;
}

std::string for_others(const Words& words) {
  const Completions found = complete(words, ask_quietly);
  std::string out = found.paths ? "paths\n" : "words\n";
  for (const Candidate& candidate : found.candidates)
    out += candidate.text + '\t' + candidate.help + '\n';
  return out;
}

} // namespace

std::string complete_for_shell(const Words& arguments) {
  if (arguments.size() == 3 && arguments[0] == "bash") return for_bash(arguments[1], arguments[2]);
  if (arguments.size() >= 2 && arguments[0] == "words")
    return for_others({arguments.begin() + 1, arguments.end()});
  return "";
}

} // namespace p2pd::ctl
