// The screen of "top", as rows of text: the daemon, its rates, its transfers and its peers, fitted
// into a window. Thread: any; pure.
#pragma once

#include "ctl/top/model.hpp"

namespace p2pd::ctl::top {

struct Row {
  std::string text; // no wider than the window
  Tint tint = Tint::none;
  bool selected = false;
};

struct Window {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool utf8 = true;
};

// The rates of the last minute, the latest at the right, the highest as high as can be.
std::string sparkline(const Meter& meter, std::size_t columns, bool utf8);

// As many rows as the window has. `selected` is the id of a transfer; `note`, if there is one,
// stands where the keys are explained else.
std::vector<Row> drawn(const Model& model, const std::string& selected, const std::string& note,
                       const Window& window);

} // namespace p2pd::ctl::top
