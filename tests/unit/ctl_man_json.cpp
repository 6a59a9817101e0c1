// The keys in p2pctl-json(5), which are generated from the command table. A test run with
// P2PD_UPDATE_GOLDEN=1 writes them anew.
#include "proto/control/commands.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <regex>
#include <sstream>

namespace p2pd::ctl {
namespace {

using proto::Command;
using proto::Field;
using proto::Record;
using proto::Type;
using proto::Unit;
using Lines = std::vector<std::string>;

constexpr const char* page_file = P2PD_SOURCE_ROOT "/man/p2pctl-json.5.scd";
constexpr std::string_view made_begin =
    "; What follows is written by P2PD_UPDATE_GOLDEN=1 build/tests/unit/unit-ctl\n\n";
constexpr std::string_view made_end = "; What follows is written by people.\n";
constexpr std::size_t page_columns = 100;

// The words as "a", "b" or "c".
std::string alternatives(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0                 ? "\""
             : i + 1 < words.size() ? ", \""
                                    : " or \"") +
            std::string(words[i]) + '"';
  return text;
}

std::string number_text(Unit unit, bool list) {
  switch (unit) {
  case Unit::none:
    return list ? "numbers" : "number";
  case Unit::bytes:
    return "bytes";
  case Unit::bytes_per_second:
    return "bytes per second";
  case Unit::seconds:
    return "seconds";
  case Unit::milliseconds:
    return "milliseconds";
  }
  return "";
}

std::string type_text(const Field& field) {
  const std::string plural = field.list ? "s" : "";
  switch (field.type) {
  case Type::object:
    return "object" + plural;
  case Type::boolean:
    return "boolean" + plural;
  case Type::integer:
  case Type::number:
    return number_text(field.unit, field.list);
  case Type::text:
    return "string" + plural;
  case Type::word:
    return alternatives(field.words);
  case Type::time:
    return "time" + plural;
  case Type::content_id:
    return "content id" + plural;
  case Type::peer_id:
    return "peer id" + plural;
  case Type::address:
    return field.list ? "addresses" : "address";
  }
  return "";
}

std::string list_item(const std::string& text) {
  constexpr std::size_t indent = 10; // with a tab of eight page_columns
  std::istringstream words(text);
  std::string out;
  std::size_t used = indent;
  for (std::string word; words >> word;) {
    const bool first = out.empty();
    if (!first && used + 1 + word.size() > page_columns) {
      out += "\n\t  ";
      used = indent;
    } else if (!first) {
      out += ' ';
      ++used;
    }
    out += word;
    used += word.size();
  }
  return "\t- " + out + '\n';
}

// Names of manual pages are bold.
std::string with_bold_pages(std::string_view text) {
  static const std::regex page("([a-z0-9.-]+)(\\([1-9]\\))");
  return std::regex_replace(std::string(text), page, "*$1*$2");
}

std::string line_of(const std::string& key, const Field& field) {
  std::string kind = (field.list ? "list of " : "") + type_text(field);
  if (!field.null.empty()) kind += ", or null if " + std::string(field.null);
  if (!field.only.empty()) kind += "; only " + std::string(field.only);
  return list_item('*' + key + "* (" + kind + "): " + with_bold_pages(field.meaning));
}

// The lines of the fields of a record, and of what they hold. What stands there already is referred
// to: `told` has the key of each record.
using Told = std::map<const Record*, std::string>;
void add_lines(Lines& lines, Told& told, const std::string& outside, const Record& record) {
  constexpr std::size_t few = 3;
  for (Field field : record.fields) {
    const std::string key = outside + std::string(field.name);
    const std::string each = key + (field.list ? "[]" : "");
    const auto before = told.find(field.record);
    const bool again = before != told.end() && field.record->fields.size() > few;
    const std::string meaning =
        std::string(field.meaning) + (again ? "; with the keys of *" + before->second + '*' : "");
    field.meaning = meaning;
    lines.push_back(line_of(key, field));
    if (field.record == nullptr || again) continue;
    told.emplace(field.record, each);
    add_lines(lines, told, each + '.', *field.record);
  }
}

const Record* record_of(const Command& command) {
  return command.result != nullptr ? command.result : command.event;
}

Lines lines_of(const Command& command) {
  Lines lines;
  Told told;
  if (command.together.empty()) {
    add_lines(lines, told, "", *record_of(command));
  } else {
    lines.push_back(line_of(std::string(command.together), {.name = command.together,
                                                            .type = Type::object,
                                                            .list = true,
                                                            .meaning = "one for each argument"}));
    add_lines(lines, told, std::string(command.together) + "[].", *record_of(command));
  }
  return lines;
}

// A command that has the same lines, or many with which these begin, so that they need not stand
// there twice; the first line tells what the list is. Null where there is none.
const Command* command_like(const Command& command, const Lines& lines) {
  constexpr std::size_t few = 4, many = 10;
  for (const Command& other : proto::commands()) {
    if (record_of(other) == nullptr || &other == &command) continue;
    const Lines told = lines_of(other);
    const bool before = &other < &command && told.size() == lines.size() && told.size() >= few;
    const bool part = told.size() < lines.size() && told.size() >= many;
    if ((before || part) && std::equal(told.begin() + 1, told.end(), lines.begin() + 1))
      return &other;
  }
  return nullptr;
}

std::string json_entry(const Command& command) {
  const std::string title = '*' + std::string(command.name) + "*\n";
  if (record_of(command) == nullptr) return title + "\tNo JSON output.\n";
  const Lines lines = lines_of(command);
  if (lines.empty()) return title + "\tNo other key.\n";
  std::string text;
  std::size_t told = 0;
  if (const Command* const other = command_like(command, lines)) {
    told = lines_of(*other).size();
    text = "\tLike *" + std::string(other->name) + '*' +
           (told < lines.size() ? " with, in addition:\n\n" : ".\n");
  }
  for (std::size_t i = told; i < lines.size(); ++i) text += lines[i];
  return title + text;
}

std::string json_section() {
  std::string text;
  for (const Command& command : proto::commands()) text += json_entry(command) + '\n';
  return text;
}

std::string read_page() {
  std::ifstream page(page_file);
  return {std::istreambuf_iterator<char>(page), {}};
}

TEST(ManPage, ItsJsonIsThatOfTheCommandTable) {
  std::string page = read_page();
  const std::size_t from = page.find(made_begin) + made_begin.size();
  const std::size_t to = page.find(made_end);
  ASSERT_NE(page.find(made_begin), std::string::npos) << page_file;
  ASSERT_NE(to, std::string::npos) << page_file;
  if (std::getenv("P2PD_UPDATE_GOLDEN") != nullptr)
    std::ofstream(page_file) << page.replace(from, to - from, json_section());
  else
    EXPECT_EQ(page.substr(from, to - from), json_section())
        << "set P2PD_UPDATE_GOLDEN=1 to write it anew";
}

} // namespace
} // namespace p2pd::ctl
