// The only file that knows toml11, of which versions 3.7 to 4.x will do.
#include "daemon/base/config_document.hpp"

#include "proto/bytes.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <toml.hpp>

namespace p2pd::base {

namespace {

#if TOML11_VERSION_MAJOR >= 4
Where start_of(const toml::source_location& place) {
  return {static_cast<unsigned>(place.first_line_number()),
          static_cast<unsigned>(place.first_column_number())};
}

std::string line_of(const toml::source_location& place) {
  return place.first_line();
}

const std::string& text_of(const toml::value& value) {
  return value.as_string();
}

using ParseError = toml::syntax_error;

// The first is the one to be mended: others may follow from it.
std::string words_of(const ParseError& error) {
  return error.errors().empty() ? error.what() : error.errors().front().title();
}

Where place_of(const ParseError& error) {
  for (const toml::error_info& each : error.errors())
    if (!each.locations().empty()) return start_of(each.locations().front().first);
  return {};
}
#else
Where start_of(const toml::source_location& place) {
  return {place.line(), place.column()};
}

std::string line_of(const toml::source_location& place) {
  return place.line_str();
}

const std::string& text_of(const toml::value& value) {
  return value.as_string().str;
}

using ParseError = toml::exception;

std::string words_of(const ParseError& error) {
  return error.what();
}

// Of these exceptions only the text tells where the error is: it draws the places one below the
// other, and the last of them is the one that has to be changed:
//
//   [error] toml::insert_value: value ("role") already exists.
//    --> p2pd.toml
//      |
//    2 | role = "peer"
//      |        ^----- value already exists here
//    ...
//    5 | role = "tracker"
//      |        ^----- value defined twice
//
// So it is the number before " | " and the column of the mark below it, of the last that is drawn.
Where place_of(const ParseError& error) {
  std::istringstream lines(error.what());
  std::size_t text_column = 0;
  unsigned number = 0;
  Where place = start_of(error.location());
  for (std::string line; std::getline(lines, line);) {
    const std::size_t bar = line.find(" | ");
    const std::size_t digits = line.find_first_not_of(' ');
    if (bar == std::string::npos || digits == std::string::npos) continue;
    const auto [end, error] =
        std::from_chars(line.data() + digits, line.data() + line.size(), number);
    if (error == std::errc() && end == line.data() + bar) {
      text_column = bar + 3;
      continue;
    }
    const std::size_t mark = line.find_first_of("^~", bar);
    if (text_column == 0 || mark == std::string::npos) continue;
    place = {number, static_cast<unsigned>(mark - text_column) + 1};
    text_column = 0;
  }
  return place;
}
#endif

// toml11 keeps no place for keys: a name stands on the line of its value, most often before it.
Where where_of_name(const std::string& name, const toml::value& value) {
  const toml::source_location place = value.location();
  const Where start = start_of(place);
  const std::string line = line_of(place);
  std::size_t at = line.substr(0, start.column - 1).rfind(name);
  if (at == std::string::npos) at = line.find(name);
  return {start.line, at == std::string::npos ? start.column : static_cast<unsigned>(at) + 1};
}

Value convert(const toml::value& value) {
  const Where where = start_of(value.location());
  switch (value.type()) {
  case toml::value_t::boolean:
    return {value.as_boolean(), where};
  case toml::value_t::integer:
    return {value.as_integer(), where};
  case toml::value_t::string:
    return {text_of(value), where};
  case toml::value_t::array: {
    std::vector<Value> elements;
    for (const toml::value& element : value.as_array()) elements.push_back(convert(element));
    return {std::move(elements), where};
  }
  case toml::value_t::floating:
    return {Other{"a fraction"}, where};
  case toml::value_t::table:
    return {Other{"a section"}, where};
  default:
    return {Other{"a date or a time"}, where};
  }
}

std::vector<Setting> settings_of(const toml::value& table) {
  std::vector<Setting> settings;
  for (const auto& [name, value] : table.as_table())
    settings.push_back({name, where_of_name(name, value), convert(value)});
  return settings;
}

// What people do wrong, by a piece of toml11's words for it, first those of versions 3.x.
struct Advice {
  std::string_view symptom;
  std::string_view message;
};
constexpr Advice advices[] = {
    {"defined twice", "this stands twice in the file: remove one of the two"},
    {"conflicts with the previous", "this stands twice in the file: remove one of the two"},
    {"not a valid string",
     "the text does not end, or has an unknown \\ in it: write \"text\", and \\\\ for \\"},
    {"not a valid multiline string", "the text does not end: close it with the same three quotes"},
    {"should be `=`", "there is no = behind the key: write key = value, or [section]"},
    {"missing value", "there is no value behind the =: write one, or remove the line"},
    {"expected newline",
     "the value ends before the line does: put a text in quotes, and one key on a line"},
    {"should be `,`",
     "the list does not end here: put a comma between its members and ] behind the last"},
    {"missing curly brace", "the { is not closed: write } behind the last value"},
    {"invalid key value separator",
     "there is no = behind the key: write key = value, or [section]"},
    {"invalid key", "this is neither a key nor a section: write key = value, or [section]"},
    {"invalid format for key", "a key is one word of letters, digits, - and _: write key = value"},
    {"empty key", "there is no key before the =: write key = value"},
    {"not a boolean",
     "this is no value: put a text in quotes; only numbers, true and false stand without"},
    {"unknown value",
     "this is no value: put a text in quotes; only numbers, true and false stand without"},
    {"not a valid value",
     "this is no value: put a text in quotes; only numbers, true and false stand without"},
    {"already exists", "this stands twice in the file: remove one of the two"},
    {"already defined", "this stands twice in the file: remove one of the two"},
    {"invalid string format",
     "the text does not end, or has an unknown \\ in it: write \"text\", and \\\\ for \\"},
    {"newline (LF",
     "the value ends before the line does: put a text in quotes, and one key on a line"},
    {"closing `]`",
     "the list does not end here: put a comma between its members and ] behind the last"},
    {"closing `}`", "the { is not closed: write } behind the last value"},
    {"invalid table key", "this is neither a key nor a section: write key = value, or [section]"},
    {"invalid boolean",
     "this is no value: put a text in quotes; only numbers, true and false stand without"},
};

std::string advise(const std::string& report) {
  for (const Advice& advice : advices)
    if (report.find(advice.symptom) != std::string::npos) return std::string(advice.message);
  // The first line, without its "[error] " and the function that noticed.
  std::string title = report.substr(0, report.find('\n'));
  if (title.starts_with("[error] ")) title.erase(0, 8);
  if (title.starts_with("toml::")) title.erase(0, title.find(": ") + 2);
  return "this is not TOML (" + title + "): correct it, or put a text in quotes";
}

// toml11 3.7 reads beyond its buffer while it complains of a '...' that is not UTF-8.
void require_utf8(const std::string& text) {
  const std::string valid = proto::printable(text);
  const auto wrong = std::ranges::mismatch(text, valid).in1;
  if (wrong == text.end()) return;
  const auto line = std::count(text.begin(), wrong, '\n') + 1;
  const auto line_begin = std::find(std::make_reverse_iterator(wrong), text.rend(), '\n').base();
  throw SyntaxError({static_cast<unsigned>(line), static_cast<unsigned>(wrong - line_begin) + 1},
                    "this is not UTF-8: save the file as UTF-8");
}

} // namespace

Document parse_document(const std::string& text) {
  require_utf8(text);
  toml::value root;
  try {
    std::istringstream stream(text);
    root = toml::parse(stream, "");
  } catch (const ParseError& error) {
    throw SyntaxError(place_of(error), advise(words_of(error)));
  } catch (const std::exception& error) { // a few of its number conversions throw the library's own
    throw SyntaxError({}, advise(error.what()));
  }
  Document document;
  for (const auto& [name, value] : root.as_table())
    if (value.is_table())
      document.sections.push_back({name, where_of_name(name, value), settings_of(value)});
    else
      document.strays.push_back({name, where_of_name(name, value), convert(value)});
  return document;
}

} // namespace p2pd::base
