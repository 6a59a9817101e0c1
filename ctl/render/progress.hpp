// Progress bars, one for each content, drawn in place at the foot of a terminal. Whoever prints
// anything else there calls clear() first; the next draw() brings the bars back.
// Thread: one. Lifetime: the destructor clears. Units: bytes, bytes per second, seconds.
#pragma once

#include "ctl/render/style.hpp"
#include "proto/control/value.hpp"

#include <chrono>
#include <cstdio>
#include <optional>
#include <vector>

namespace p2pd::ctl {

struct Bar {
  enum class State : std::uint8_t { waiting, running, paused, done, failed };

  std::string name;
  std::string stage;
  std::string cause; // why it is paused, "" when somebody asked for that
  State state = State::waiting;
  std::uint64_t done_bytes = 0; // or, in the stage "copies", how many there are
  std::uint64_t size = 0;       // and how many there are to be
  std::optional<std::uint64_t> rate;
  std::optional<std::uint64_t> eta_s;
  std::optional<std::uint64_t> sources;
};

// The bar as one line of at most `columns` columns, 20 or more, of which the name has
// `name_columns`. Figures that do not fit are left out, and a cause is cut.
std::string bar_line(const Bar& bar, std::size_t columns, std::size_t name_columns,
                     const Style& style);

class Progress final {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr auto interval = std::chrono::milliseconds(100); // between two draws

  // One bar for each name, drawn on `terminal`; null for none at all.
  Progress(std::FILE* terminal, Style style, const std::vector<std::string>& names);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::size_t index, const proto::Value& event);
  void finish(std::size_t index, bool done);

  std::optional<Clock::time_point> due() const; // when to draw; nothing while all is drawn
  void draw(Clock::time_point now);             // draws if it is due
  void redraw() { changed_ = drawn_; }          // once it is due: the window has another size
  void clear();

 private:
  struct Start { // when a bar was drawn first, and what was done by then
    Clock::time_point time{};
    std::uint64_t done_bytes = 0;
  };
  static void measure(Bar& bar, Start& start, Clock::time_point now);
  std::vector<std::string> lines() const;
  void write(std::string_view text) const;

  std::FILE* terminal_;
  Style style_;
  std::vector<Bar> bars_;
  std::vector<Start> starts_; // one for each bar
  bool changed_ = false;
  bool drawn_ = false; // they stand there, and the cursor before the first
  Clock::time_point last_draw_{};
};

} // namespace p2pd::ctl
