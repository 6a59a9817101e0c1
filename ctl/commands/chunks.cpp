// chunks: who has which chunks of a content, drawn as a map of each holder and as a histogram of
// how many copies there are.
#include "ctl/commands/commands.hpp"

#include "ctl/render/bars.hpp"
#include "ctl/render/table.hpp"
#include "ctl/render/text.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace p2pd::ctl {

namespace {

using proto::Value;

constexpr std::size_t most_rows = 10; // of the histogram

// Of a map, and of the longest bar: half of the terminal, which leaves room for the names.
std::size_t map_columns(const Style& style) {
  return style.columns == 0 ? 40 : std::clamp<std::size_t>(style.columns / 2, 10, 100);
}

// Which chunks the holder has; what is missing or malformed is none of them.
std::vector<bool> chunks_of(const Value& holder, std::size_t chunks) {
  std::vector<bool> have(chunks);
  const std::string digits = text_of(holder["bitmap_hex"]);
  proto::Bytes bits(digits.size() / 2);
  if (!proto::from_hex(digits, bits)) return have;
  for (std::size_t i = 0; i < std::min(chunks, bits.size() * 8); ++i)
    have[i] = (bits[i / 8] >> (7 - i % 8) & 1) != 0;
  return have;
}

// Chunks from the first to the last, each column a part of them: the fuller, the darker.
std::string map_of(const std::vector<bool>& have, const Style& style) {
  constexpr std::array<std::string_view, 5> blocks{"·", "░", "▒", "▓", "█"};
  constexpr std::array<std::string_view, 5> ascii{".", "-", "=", "+", "#"};
  const std::size_t columns = std::min(have.size(), map_columns(style));
  std::string map;
  for (std::size_t column = 0; column < columns; ++column) {
    const std::size_t from = column * have.size() / columns;
    const std::size_t to = (column + 1) * have.size() / columns;
    std::size_t there = 0;
    for (std::size_t i = from; i < to; ++i) there += have[i] ? 1 : 0;
    const std::size_t shade = there == 0 ? 0 : there == to - from ? 4 : 1 + 3 * there / (to - from);
    map += (style.utf8 ? blocks : ascii)[shade];
  }
  return map;
}

// How many chunks have so many copies. Many different counts are drawn together, a range in a row.
std::string histogram(const std::vector<std::size_t>& copies, const Style& style) {
  const auto [least, most] = std::ranges::minmax(copies);
  const std::size_t step = (most - least) / most_rows + 1;
  std::map<std::size_t, std::size_t> rows; // by the lowest count of the range
  for (const std::size_t count : copies) ++rows[least + (count - least) / step * step];
  std::size_t longest = 0;
  for (const auto& [count, chunks] : rows) longest = std::max(longest, chunks);
  Table table({{"COPIES", Column::number}, {"CHUNKS", Column::number}, {"", Column::figure}});
  for (const auto& [count, chunks] : rows) {
    const std::size_t last = std::min(count + step - 1, most);
    const std::string range =
        std::to_string(count) + (last == count ? "" : "-" + std::to_string(last));
    const double share = static_cast<double>(chunks) / static_cast<double>(longest);
    table.row(
        {{range, ""}, {std::to_string(chunks), ""}, {bar(share, map_columns(style), style), ""}});
  }
  return table.drawn(style);
}

} // namespace

std::string render_chunks(Answers answers, const Style& style) {
  const Value& answer = answers.front();
  const std::size_t chunks = natural_of(answer["chunks"]).value_or(0);
  std::vector<std::size_t> copies(chunks);
  Table table({{"NAME"}, {"ID", Column::id}, {"HAVE", Column::number}, {"CHUNKS", Column::figure}});
  for (const Value& holder : list_of(answer["peers"])) {
    const std::vector<bool> have = chunks_of(holder, chunks);
    for (std::size_t i = 0; i < chunks; ++i) copies[i] += have[i] ? 1 : 0;
    Cell count = text_cell(holder["have"]);
    count.text += '/' + std::to_string(chunks);
    table.row({text_cell(holder["name"]),
               text_cell(holder["id"]),
               std::move(count),
               {map_of(have, style), text_of(holder["bitmap_hex"])}});
  }
  if (!style.terminal) return table.drawn(style);
  const std::string title = text_of(answer["name"]) + ' ' + text_of(answer["content"]) + '\n';
  if (table.empty()) return title + "nobody who is here has any of it\n";
  if (chunks == 0) return title + table.drawn(style);
  return title + table.drawn(style) + '\n' + histogram(copies, style);
}

} // namespace p2pd::ctl
