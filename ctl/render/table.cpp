#include "ctl/render/table.hpp"

#include "ctl/render/text.hpp"

#include <algorithm>
#include <cassert>

namespace p2pd::ctl {

namespace {

constexpr std::size_t least_id_digits = 8;
constexpr std::size_t least_text = 8;
constexpr std::string_view gap = "  ";

void append_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line += '\n';
}

} // namespace

void Table::row(std::vector<Cell> cells) {
  assert(cells.size() == headings_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::drawn(const Style& style, bool with_headings) const {
  return style.terminal ? aligned(style, with_headings) : tab_separated();
}

std::string Table::tab_separated() const {
  std::string out;
  for (const std::vector<Cell>& cells : rows_) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += '\t';
      out += cells[i].plain;
    }
    out += '\n';
  }
  return out;
}

// Sorted neighbours share the longest prefixes, so the longest of those plus one digit is enough.
std::size_t Table::id_digits(std::size_t column) const {
  std::vector<std::string_view> ids;
  for (const std::vector<Cell>& cells : rows_) ids.push_back(cells[column].plain);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::size_t digits = least_id_digits;
  for (std::size_t i = 1; i < ids.size(); ++i) {
    const auto parted = std::ranges::mismatch(ids[i - 1], ids[i]).in1 - ids[i - 1].begin();
    digits = std::max(digits, static_cast<std::size_t>(parted) + 1);
  }
  return digits;
}

void Table::fit(std::vector<std::size_t>& widths, std::size_t columns) const {
  std::size_t total = gap.size() * (widths.size() - 1);
  for (const std::size_t width : widths) total += width;
  for (; total > columns; --total) {
    std::size_t* widest = nullptr;
    for (std::size_t i = 0; i < widths.size(); ++i)
      if (headings_[i].kind == Column::text &&
          widths[i] > std::max(least_text, headings_[i].text.size()) &&
          (widest == nullptr || widths[i] > *widest))
        widest = &widths[i];
    if (widest == nullptr) return;
    --*widest;
  }
}

std::string Table::aligned(const Style& style, bool with_headings) const {
  std::vector<std::vector<Cell>> lines;
  if (with_headings) {
    std::vector<Cell>& first = lines.emplace_back();
    for (const Heading& heading : headings_)
      first.push_back({std::string(heading.text), "", Tint::heading});
  }
  lines.insert(lines.end(), rows_.begin(), rows_.end());

  std::vector<std::size_t> widths(headings_.size());
  for (std::size_t column = 0; column < headings_.size(); ++column) {
    if (headings_[column].kind == Column::id) {
      const std::size_t digits = id_digits(column);
      for (std::size_t i = with_headings ? 1 : 0; i < lines.size(); ++i)
        lines[i][column].text.resize(std::min(lines[i][column].text.size(), digits));
    }
    for (const std::vector<Cell>& cells : lines)
      widths[column] = std::max(widths[column], width_of(cells[column].text));
  }

  if (style.columns > 0) fit(widths, style.columns);

  std::string out;
  for (const std::vector<Cell>& cells : lines) {
    std::string line;
    for (std::size_t column = 0; column < cells.size(); ++column) {
      const Cell& cell = cells[column];
      const std::string text =
          (cell.keep == Keep::front ? cut : cut_front)(cell.text, widths[column], ellipsis(style));
      const std::string blanks(widths[column] - width_of(text), ' ');
      if (column > 0) line += gap;
      if (headings_[column].kind == Column::number) line += blanks;
      line += tinted(text, cell.tint, style);
      if (headings_[column].kind != Column::number) line += blanks;
    }
    append_line(out, std::move(line));
  }
  return out;
}

} // namespace p2pd::ctl
