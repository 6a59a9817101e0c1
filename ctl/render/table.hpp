// Rows and columns. On a terminal: headings, aligned columns, ids cut to the shortest prefix of
// eight digits or more that tells them apart, colour. Piped: no headings, one tab between plain
// cells, ids whole. Thread: any; values only.
#pragma once

#include "ctl/render/cells.hpp"

#include <initializer_list>
#include <vector>

namespace p2pd::ctl {

enum class Column : std::uint8_t { text, number, id };

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

  std::vector<Heading> headings_;
  std::vector<std::vector<Cell>> rows_;
};

} // namespace p2pd::ctl
