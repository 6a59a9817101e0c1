#include "ctl/base/usage.hpp"

#include <algorithm>
#include <array>

namespace p2pd::ctl {

namespace {

using proto::Command;
using proto::Kind;
using proto::Parameter;

constexpr std::array globals{
    Parameter{.name = "socket", .kind = Kind::path, .help = "control socket of the daemon"},
    Parameter{.name = "instance",
              .kind = Kind::text,
              .help = "the daemon p2pd@NAME, at /run/p2pd-NAME/p2pd.sock",
              .brief = "-i",
              .value = "NAME"},
    Parameter{.name = "json", .kind = Kind::flag, .help = "print JSON, for scripts"},
    Parameter{
        .name = "no-color", .kind = Kind::flag, .help = "do not use colour, even on a terminal"},
    Parameter{.name = "timeout",
              .kind = Kind::text,
              .help = "maximum run time; 0 = none (default 30, none for commands with progress)",
              .value = "SECONDS"},
    Parameter{.name = "version", .kind = Kind::flag, .help = "print the version"},
    Parameter{.name = "help", .kind = Kind::flag, .help = "explain the command", .brief = "-h"}};

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

// Typos between two words: letters inserted, deleted, changed, or two neighbours swapped.
std::size_t slips(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const bool same = a[i - 1] == b[j - 1];
      cost[i][j] =
          std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

} // namespace

std::span<const Parameter> global_options() {
  return globals;
}

std::string placeholder(const Parameter& parameter) {
  if (!parameter.value.empty()) return std::string(parameter.value);
  switch (parameter.kind) {
  case Kind::flag:
    return "";
  case Kind::path:
    return "PATH";
  case Kind::content:
    return "CONTENT";
  case Kind::peer:
    return "PEER";
  case Kind::transfer:
    return "ID";
  case Kind::size:
    return "SIZE";
  case Kind::rate:
    return "RATE";
  case Kind::duration:
    return "DURATION";
  case Kind::count:
    return "N";
  case Kind::command:
    return "COMMAND";
  case Kind::text:
    break;
  }
  return upper(parameter.name);
}

std::string spelling(const Parameter& option) {
  std::string text = option.brief.empty() ? "" : std::string(option.brief) + ", ";
  text += "--" + std::string(option.name);
  if (option.kind != Kind::flag) text += ' ' + placeholder(option);
  return text;
}

std::string usage_line(const Command& command) {
  std::string line = "p2pctl " + std::string(command.name);
  for (const Parameter& argument : command.arguments) {
    const std::string word = placeholder(argument) + (argument.each || argument.list ? "..." : "");
    line += argument.required ? ' ' + word : " [" + word + ']';
  }
  for (const Parameter& option : command.options) {
    line +=
        " [" + (option.brief.empty() ? "--" + std::string(option.name) : std::string(option.brief));
    if (option.kind != Kind::flag) line += ' ' + placeholder(option);
    line += option.list ? "]..." : "]";
  }
  return line;
}

std::string_view nearest(std::string_view typed, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t fewest = std::min<std::size_t>(typed.size() / 3 + 1, 3) + 1;
  for (const std::string_view candidate : candidates) {
    const bool begun = !typed.empty() && candidate.starts_with(typed);
    const std::size_t count = begun ? 0 : slips(typed, candidate);
    if (count >= fewest) continue;
    best = candidate;
    fewest = count;
  }
  return best;
}

std::string_view nearest_command(std::string_view typed) {
  std::vector<std::string_view> names;
  for (const Command& command : proto::commands()) {
    names.push_back(command.name);
    if (!command.alias.empty()) names.push_back(command.alias);
  }
  return nearest(typed, names);
}

} // namespace p2pd::ctl
