// p2pctl(1) and p2pctl-json(5) against the command table: neither may name what the other does not.
#include "ctl/base/arguments.hpp"
#include "ctl/base/failure.hpp"
#include "ctl/base/usage.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

namespace p2pd::ctl {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* commands_page = P2PD_SOURCE_ROOT "/man/p2pctl.1.scd";
constexpr const char* json_page = P2PD_SOURCE_ROOT "/man/p2pctl-json.5.scd";

// A page without the marks of bold and underlined text.
Lines lines_of_page(const char* page) {
  std::ifstream file(page);
  EXPECT_TRUE(file) << page << " does not exist";
  Lines lines;
  for (std::string line; std::getline(file, line);) {
    std::erase(line, '*');
    for (std::size_t i = 0; i < line.size(); ++i) { // "_" inside a word is itself
      const bool inner = i > 0 && i + 1 < line.size() && std::isalnum(line[i - 1]) != 0 &&
                         std::isalnum(line[i + 1]) != 0;
      if (line[i] == '_' && !inner) line.erase(i--, 1);
    }
    lines.push_back(line);
  }
  return lines;
}

// The entries of a section: the line that begins one, and the text under it.
std::map<std::string, std::string> entries(const std::string& section,
                                           const char* page = commands_page) {
  std::map<std::string, std::string> found;
  std::string* text = nullptr;
  bool inside = false;
  for (const std::string& line : lines_of_page(page)) {
    if (line.starts_with("# ")) inside = line == "# " + section;
    if (!inside || line.empty() || line.starts_with("# ")) continue;
    if (line.front() != '\t')
      text = &found[line];
    else if (text != nullptr)
      *text += line + '\n';
  }
  return found;
}

std::string heading(const proto::Command& command) {
  std::string line = usage_line(command).substr(std::string("p2pctl ").size());
  if (!command.alias.empty()) line += ", " + std::string(command.alias);
  return line;
}

std::set<std::string> options_in(const std::string& text) {
  std::set<std::string> options;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("\t-") && !line.starts_with("\t- "))
      options.insert(line.substr(line.find('-')));
  return options;
}

TEST(ManPage, HasEveryCommandAndNoOther) {
  std::set<std::string> named;
  for (const auto& [line, text] : entries("COMMANDS")) named.insert(line);
  std::set<std::string> known;
  for (const proto::Command& command : proto::commands()) known.insert(heading(command));
  EXPECT_EQ(named, known);
}

TEST(ManPage, HasEveryOptionAndNoOther) {
  const auto commands = entries("COMMANDS");
  for (const proto::Command& command : proto::commands()) {
    std::set<std::string> known;
    for (const proto::Parameter& option : command.options) known.insert(spelling(option));
    const auto entry = commands.find(heading(command));
    ASSERT_NE(entry, commands.end()) << command.name;
    EXPECT_EQ(options_in(entry->second), known) << command.name;
  }
}

TEST(ManPage, HasTheExamplesOfEveryCommandAndNoOther) {
  const auto commands = entries("COMMANDS");
  for (const proto::Command& command : proto::commands()) {
    std::string known;
    for (const proto::Example& example : command.examples)
      known += "\tExample: " + std::string(example.line) + " - " + std::string(example.says) + '\n';
    std::erase(known, '*');
    EXPECT_NE(known, "") << command.name << " has no example";
    std::string told;
    std::istringstream lines(commands.at(heading(command)));
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with("\tExample: ")) told += line + '\n';
    std::erase(told, '\\'); // scdoc's escapes
    EXPECT_EQ(told, known);
  }
}

TEST(ManPage, HasEveryGlobalOptionAndNoOther) {
  std::set<std::string> named;
  for (const auto& [line, text] : entries("OPTIONS")) named.insert(line);
  std::set<std::string> known;
  for (const proto::Parameter& option : global_options()) known.insert(spelling(option));
  EXPECT_EQ(named, known);
}

TEST(ManPage, HasEveryExitCode) {
  const auto codes = entries("EXIT STATUS");
  for (const char* code : {"0", "1", "2", "3", "4", "5", "130"})
    EXPECT_TRUE(codes.contains(code)) << code;
}

TEST(ManPage, TellsTheJsonKeysOfEveryCommand) {
  std::set<std::string> named;
  for (const auto& [line, text] : entries("COMMANDS", json_page))
    if (!text.empty()) named.insert(line);
  std::set<std::string> known;
  for (const proto::Command& command : proto::commands()) known.emplace(command.name);
  EXPECT_EQ(named, known);
}

TEST(ManPage, TellsTheOutputOfEveryCommand) {
  for (const auto& [line, text] : entries("COMMANDS"))
    EXPECT_NE(text.find("\tOutput: "), std::string::npos) << line;
}

// The words of the call of p2pctl on a line of shell; none where there is no call.
std::vector<std::string> call_on(const std::string& line) {
  const std::size_t start = line.find("p2pctl ");
  if (start == std::string::npos) return {};
  const std::size_t end = line.find_first_of("|<>+", start);
  std::istringstream text(line.substr(start + 7, end - start - 7));
  return {std::istream_iterator<std::string>(text), {}};
}

void expect_fits(const std::string& line) {
  const std::vector<std::string> words = call_on(line);
  if (words.empty()) return;
  try {
    parse(find_command_on(words));
  } catch (const Failure& failure) {
    ADD_FAILURE() << line << ": " << failure.what();
  }
}

TEST(Examples, AreRealCommandLines) {
  bool inside = false;
  for (const std::string& line : lines_of_page(commands_page)) {
    if (line.starts_with("# ")) inside = line == "# EXAMPLES";
    if (inside) expect_fits(line);
  }
  for (const proto::Command& command : proto::commands())
    for (const proto::Example& example : command.examples) expect_fits(std::string(example.line));
}

} // namespace
} // namespace p2pd::ctl
