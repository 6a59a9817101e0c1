// Progress bars, one for each content, drawn in place at the foot of a terminal. Whoever prints
// anything else there calls clear() first; the next draw() brings the bars back.
// Thread: one. Lifetime: the destructor clears. Units: bytes, bytes per second, seconds.
#pragma once

#include "ctl/render/style.hpp"
#include "proto/value.hpp"

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
  std::uint64_t done_bytes = 0;
  std::uint64_t size = 0;
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
  void clear();

 private:
  std::vector<std::string> lines() const;

  std::FILE* terminal_;
  Style style_;
  std::vector<Bar> bars_;
  bool changed_ = false;
  Clock::time_point last_draw_{};
  std::size_t drawn_ = 0; // lines that stand on the terminal, the cursor behind the last
};

} // namespace p2pd::ctl
