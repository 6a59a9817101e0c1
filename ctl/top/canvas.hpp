// The whole terminal, by ncurses. Lifetime: one at a time; while it lives nothing else is written
// to the terminal, which is given back as it was, also where a signal ends the process.
// Thread: one. Errors: Failure where the terminal cannot do it.
#pragma once

#include "ctl/top/view.hpp"

struct screen;

namespace p2pd::ctl::top {

enum class Key : std::uint8_t { none, up, down, page_up, page_down, resize, interrupt, other };

struct Press {
  Key key = Key::none;
  char letter = 0; // of `other`
};

class Canvas final {
 public:
  explicit Canvas(bool colour);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  Window window() const;
  void draw(const std::vector<Row>& rows);
  Press press(); // the next key that was pressed; none where there is none

 private:
  ::screen* screen_;
};

} // namespace p2pd::ctl::top
