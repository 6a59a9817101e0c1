#include "ctl/top/canvas.hpp"

#include "ctl/base/environment.hpp"
#include "ctl/base/failure.hpp"
#include "ctl/render/text.hpp"

#include <clocale>

#define NCURSES_NOMACROS // functions alone: macros such as "erase" are of everybody's words
#include <curses.h>

namespace p2pd::ctl::top {

namespace {

attr_t attribute_of(const Row& row) {
  attr_t attributes = row.selected ? A_REVERSE : A_NORMAL;
  if (row.tint == Tint::heading) attributes |= A_BOLD;
  if (row.tint == Tint::faint) attributes |= A_DIM;
  return attributes;
}

short pair_of(Tint tint) {
  switch (tint) {
  case Tint::good:
    return 1;
  case Tint::busy:
    return 2;
  case Tint::bad:
    return 3;
  default:
    return 0;
  }
}

} // namespace

Canvas::Canvas(bool colour) {
  std::setlocale(LC_CTYPE, "C.UTF-8"); // as names are written and counted everywhere here
  screen_ = ::newterm(nullptr, stdout, stdin);
  if (screen_ == nullptr)
    throw Failure(proto::ExitCode::failed,
                  "the terminal \"" + std::string(environment("TERM")) + "\" is not known here",
                  "set TERM to what it is, such as xterm");
  ::raw(); // Ctrl-C is a key
  ::noecho();
  ::nodelay(stdscr, TRUE);
  ::keypad(stdscr, TRUE);
  ::set_escdelay(25);
  ::curs_set(0);
  if (!colour || ::has_colors() == FALSE) return;
  ::start_color();
  ::use_default_colors();
  ::init_pair(pair_of(Tint::good), COLOR_GREEN, -1);
  ::init_pair(pair_of(Tint::busy), COLOR_CYAN, -1);
  ::init_pair(pair_of(Tint::bad), COLOR_RED, -1);
}

Canvas::~Canvas() {
  ::endwin();
  ::delscreen(screen_);
}

Window Canvas::window() const {
  return {static_cast<std::size_t>(COLS), static_cast<std::size_t>(LINES), true};
}

void Canvas::draw(const std::vector<Row>& rows) {
  ::erase();
  const std::size_t columns = window().columns;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string text = rows[i].selected ? padded_right(rows[i].text, columns) : rows[i].text;
    ::attr_set(attribute_of(rows[i]), pair_of(rows[i].tint), nullptr);
    ::mvaddstr(static_cast<int>(i), 0, text.c_str());
  }
  ::refresh();
}

Press Canvas::press() {
  switch (const int key = ::getch()) {
  case ERR:
    return {};
  case KEY_UP:
    return {Key::up};
  case KEY_DOWN:
    return {Key::down};
  case KEY_PPAGE:
    return {Key::page_up};
  case KEY_NPAGE:
    return {Key::page_down};
  case KEY_RESIZE:
    return {Key::resize};
  case 3: // Ctrl-C
    return {Key::interrupt};
  default:
    return {Key::other, key < 128 ? static_cast<char>(key) : '\0'};
  }
}

} // namespace p2pd::ctl::top
