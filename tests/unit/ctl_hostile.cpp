// Names are bytes from other people's machines. Whatever stands in them, and in every other text of
// an answer, each command's output keeps its lines, its columns and its terminal.
#include "ctl/render/json.hpp"
#include "ctl/render/table.hpp"
#include "ctl/render/text.hpp"
#include "tests/unit/ctl_drawn.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <random>

namespace p2pd::ctl {
namespace {

using proto::Value;
using namespace std::string_literals;

std::vector<std::string> hostile_names() {
  std::vector<std::string> names{
      "with blanks",
      " ",
      "quo\"te's",
      "back\\slash",
      "two\nlines",
      "cr\r\nlf",
      "tab\ttab",
      "nul\0nul"s,
      "\x1b[2J\x1b[31mred",
      "\x1b]0;title\a",
      "\xc2\x9b"
      "31m",
      "\x9b"
      "31m",
      "\x7f\b\b",
      "\xe2\x80\xae"
      "gnp.exe",
      "\xe2\x81\xa6"
      "isolate",
      "\xe2\x80\xa8",
      "\xef\xbb\xbf"
      "bom",
      "\xf3\xa0\x81\x81",
      "\xff\xfe",
      "\xc0\x80",
      "\xed\xa0\x80",
      "\xe6\xbc",
      "漢字の名前",
      "e\xcc\x81\xcc\x82\xcc\x83",
      "\xcc\x81",
      "👩‍👩‍👧",
      "עברית",
      std::string(255, 'W'),
  };
  std::string wide;
  for (int i = 0; i < 85; ++i) wide += "漢";
  names.push_back(std::move(wide));
  std::minstd_rand random(7);
  for (int i = 0; i < 50; ++i) {
    std::string& name = names.emplace_back(1 + random() % 40, ' ');
    for (char& c : name) c = static_cast<char>(random());
  }
  return names;
}

// An answer to every command at once, with the name wherever a text may stand.
Value answer_with(const std::string& name) {
  const Value text = Value::name(name);
  Value row{{"id", 7}, {"size", 2'048}, {"chunks", 3}, {"have", 2}, {"for_s", 9}, {"bytes", 5}};
  for (const char* key : {"name",    "content",    "address",         "role",      "version",
                          "path",    "error",      "cause",           "remedy",    "finding",
                          "state",   "bitmap_hex", "connected_since", "event",     "time",
                          "via",     "tracker",    "token",           "state_dir", "stage",
                          "warning", "transfer"})
    row.set(key, text);
  const Value leaf = row;
  const Value leaves = Value::Array{leaf, leaf};
  for (const char* key : {"peer", "file"}) row.set(key, leaf);
  for (const char* key : {"publishers", "sources_detail", "reasons"}) row.set(key, leaves);
  Value answer = row;
  for (const char* key : {"files", "peers", "transfers", "trackers", "checks", "bans"})
    answer.set(key, Value::Array{row, row});
  answer.set("listen", Value::Array{text, text});
  answer.set("rtt_ms", Value::Array{0.5, 1});
  return answer;
}

// Takes off what colours it; whatever else looks like an escape sequence is left.
std::string uncoloured(std::string text) {
  for (const char* escape : {"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"})
    for (auto at = text.find(escape); at != std::string::npos; at = text.find(escape))
      text.erase(at, std::string_view(escape).size());
  return text;
}

// The line feeds and tabs alone, which are ours.
std::string layout(const std::string& text) {
  std::string found;
  for (const char c : text)
    if (c == '\n' || c == '\t') found += c;
  return found;
}

void expect_harmless(const std::string& drawn, const std::string& plain) {
  const std::string text = uncoloured(drawn);
  EXPECT_EQ(layout(text), layout(plain));
  std::string words = text;
  std::erase_if(words, [](char c) { return c == '\n' || c == '\t'; });
  EXPECT_EQ(safe(words), words) << "it has what a terminal might obey";
}

TEST(Hostile, NoNameBreaksWhatACommandPrints) {
  const Value plain = answer_with("x");
  constexpr Style coloured{.terminal = true, .escapes = true, .colour = true, .utf8 = true};
  for (const std::string& name : hostile_names()) {
    const Value answer = answer_with(name);
    for (const Handler& handler : handlers()) {
      if (handler.local != nullptr || handler.render == nullptr) continue;
      SCOPED_TRACE(std::string(handler.command) + " of " + safe(name));
      for (const Style& style : {terminal, coloured, piped}) {
        expect_harmless(drawn(handler.render, answer, style), drawn(handler.render, plain, style));
        if (handler.event != nullptr)
          expect_harmless(drawn(handler.event, answer, style), drawn(handler.event, plain, style));
      }
    }
  }
}

TEST(Hostile, NoNameMovesAColumn) {
  constexpr Style narrow{.terminal = true, .utf8 = true, .columns = 60};
  Table table({{"NAME"}, {"SIZE", Column::number}, {"PATH"}});
  for (const std::string& name : hostile_names())
    table.row({text_cell(Value::name(name)), size_cell(7'777), path_cell(Value::name(name))});
  std::string_view rest;
  const std::string page = table.drawn(narrow, false);
  for (rest = page; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    EXPECT_LE(width_of(line), narrow.columns) << line;
    EXPECT_EQ(width_of(line.substr(0, line.find("7.6 KiB"))), 26U) << line;
  }
}

TEST(Hostile, NoNameBreaksJson) {
  for (const std::string& name : hostile_names()) {
    const std::string line = json_line(with_schema({{"name", Value::name(name)}}));
    EXPECT_EQ(std::ranges::count_if(line, [](char c) { return c >= 0 && c < ' '; }), 1) << line;
    EXPECT_EQ(line.find('\x7f'), std::string::npos);
    const auto parsed = nlohmann::json::parse(line);
    EXPECT_EQ(parsed["schema"], 1);
    EXPECT_EQ(parsed["name"].get<std::string>(), proto::printable(name));
  }
}

} // namespace
} // namespace p2pd::ctl
