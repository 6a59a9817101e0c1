#include "daemon/base/config_table.hpp"

#include <fmt/core.h>

namespace p2pd::base {

namespace {

constexpr std::size_t width = 98;

// Appends the text as comment lines, cut at blanks.
void comment(std::string& out, std::string_view text) {
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > width - 2) end = text.rfind(' ', width - 2);
    out += fmt::format("# {}\n", text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// The facts of a key, in the words of the table.
std::string facts(const Key& key) {
  std::string text = fmt::format("Takes {}.", key.type.words);
  if (!key.default_words.empty()) text += fmt::format(" Default: {}.", key.default_words);
  if (key.reload) text += " (reload)";
  return text;
}

} // namespace

std::string example_config() {
  std::string out;
  comment(
      out,
      "Configuration of p2pd. Every key is listed with its default, commented out; all keys are "
      "optional. See p2pd.toml(5); `p2pd --check` reports mistakes.");
  comment(out,
          "A key marked (reload) takes effect on `p2pctl reload`, the others at the next start.");
  comment(out,
          "Sizes: MB is decimal, MiB is binary. Paths are absolute; a user's may start with ~/.");
  for (const SectionHelp& section : config_sections()) {
    out += '\n';
    comment(out, section.help);
    out += fmt::format("[{}]\n", section.name);
    for (const Key& key : config_keys()) {
      if (key.section() != section.name) continue;
      out += '\n';
      comment(out, key.help);
      comment(out, facts(key));
      out += fmt::format("#{} = {}\n", key.name(), default_text(key));
    }
  }
  return out;
}

} // namespace p2pd::base
