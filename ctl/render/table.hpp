// Rows and columns. On a terminal: headings, aligned columns, ids cut to the shortest prefix of
// eight digits or more that tells them apart, colour. Where the terminal is narrow, text is cut:
// the widest columns first, none below eight columns or its heading; numbers, ids and figures stay
// whole. Piped: no headings, one tab between plain cells, ids whole. Thread: any; values only.
#pragma once

#include "ctl/render/cells.hpp"

#include <initializer_list>
#include <vector>

namespace p2pd::ctl {

enum class Column : std::uint8_t { text, number, id, figure };

class Table {
 public:
  struct Heading {
    std::string_view text;
    Column kind = Column::text;
  };

  explicit Table(std::initializer_list<Heading> headings) : headings_(headings) {}

  void row(std::vector<Cell> cells); // one cell for each heading
  bool empty() const { return rows_.empty(); }

  // `with_headings` counts on a terminal alone.
  std::string drawn(const Style& style, bool with_headings = true) const;

 private:
  std::string aligned(const Style& style, bool with_headings) const;
  std::string tab_separated() const;
  std::size_t id_digits(std::size_t column) const;
  void fit(std::vector<std::size_t>& widths, std::size_t columns) const;

  std::vector<Heading> headings_;
  std::vector<std::vector<Cell>> rows_;
};

} // namespace p2pd::ctl
