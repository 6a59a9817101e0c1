#include "ctl/render/progress.hpp"

#include "ctl/render/bars.hpp"
#include "ctl/render/cells.hpp"
#include "ctl/render/text.hpp"
#include "ctl/render/units.hpp"

#include <algorithm>
#include <sys/ioctl.h>

namespace p2pd::ctl {

namespace {

using proto::Value;

constexpr std::size_t narrowest_bar = 10;
constexpr std::size_t widest_bar = 40;
constexpr std::size_t widest_name = 40;

struct Size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

Size size_of(std::FILE* terminal) {
  winsize size{};
  if (::ioctl(::fileno(terminal), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {size.ws_col, size.ws_row};
}

// The display names of the stages.
std::string stage_text(const Bar& bar) {
  if (bar.state == Bar::State::done) return "done";
  if (bar.state == Bar::State::failed) return "failed";
  if (bar.state == Bar::State::paused) return "paused";
  if (bar.stage == "copy") return "copying";
  if (bar.stage == "hash") return "hashing";
  if (bar.stage == "copies") return "waiting for copies";
  if (bar.stage == "verify") return "verifying";
  if (bar.stage == "locate") return "looking for sources";
  if (bar.stage == "manifest") return "getting the manifest";
  if (bar.stage == "sync") return "writing to disk";
  return bar.stage == "fetch" ? "" : bar.stage;
}

double share_of(const Bar& bar) {
  if (bar.state == Bar::State::done) return 1;
  if (bar.size == 0) return 0;
  return std::min(1.0, static_cast<double>(bar.done_bytes) / static_cast<double>(bar.size));
}

Tint tint_of(Bar::State state) {
  if (state == Bar::State::done) return Tint::good;
  return state == Bar::State::failed ? Tint::bad : Tint::busy;
}

// The figures behind the bar, those first that matter most when the line is narrow. Each is of
// steady width, so that nothing jumps; figure_columns is the sum with the two blanks before each.
constexpr std::size_t figure_columns = 6 + 17 + 12 + 6 + 9; // the last is "hashing" or "from 123"

std::vector<std::string> figures(const Bar& bar) {
  std::vector<std::string> parts;
  if (bar.size > 0 || bar.state == Bar::State::done) {
    const auto percent = static_cast<unsigned>(share_of(bar) * 100);
    parts.push_back(padded_left(std::to_string(percent), 3) + '%');
    const std::string part = bar.stage == "copies"
                                 ? std::to_string(bar.done_bytes) + '/' + std::to_string(bar.size)
                                 : human_part(bar.done_bytes, bar.size);
    parts.push_back(padded_left(part, 15));
  }
  if (const std::string stage = stage_text(bar); !stage.empty()) parts.push_back(stage);
  if (bar.state != Bar::State::running) return parts;
  if (bar.rate) parts.push_back(padded_left(human_rate(*bar.rate), 10));
  if (bar.eta_s) parts.push_back(padded_left(clock_duration(*bar.eta_s), 4));
  if (bar.sources) parts.push_back("from " + std::to_string(*bar.sources));
  return parts;
}

} // namespace

std::string bar_line(const Bar& bar, std::size_t columns, std::size_t name_columns,
                     const Style& style) {
  name_columns = std::min(name_columns, columns);
  std::string line = padded_right(cut(bar.name, name_columns, ellipsis(style)), name_columns);
  std::size_t left = columns - name_columns;
  if (left >= narrowest_bar + 2) {
    const std::size_t spare = left - std::min(left, figure_columns + 2);
    const std::size_t width = std::clamp(spare, narrowest_bar, widest_bar);
    line += "  " + gauge(share_of(bar), width, tint_of(bar.state), style);
    left -= width + 2;
  }
  for (const std::string& part : figures(bar)) {
    const std::size_t width = 2 + width_of(part);
    if (width > left) break;
    line += "  " + part;
    left -= width;
  }
  if (!bar.cause.empty() && left > 2) line += "  " + cut(bar.cause, left - 2, ellipsis(style));
  return line;
}

Progress::Progress(std::FILE* terminal, Style style, const std::vector<std::string>& names)
    : terminal_(terminal), style_(style), starts_(names.size()) {
  for (const std::string& name : names) bars_.emplace_back().name = safe(name);
}

void Progress::update(std::size_t index, const Value& event) {
  Bar& bar = bars_[index];
  if (const std::string name = text_of(event["name"]); !name.empty()) bar.name = name;
  bar.stage = text_of(event["stage"]);
  const bool paused = event["state"] == Value("paused");
  bar.state = paused ? Bar::State::paused : Bar::State::running;
  bar.cause = paused ? text_of(event["error"]) : "";
  const bool copies = bar.stage == "copies";
  bar.done_bytes = natural_of(event[copies ? "copies" : "done_bytes"]).value_or(0);
  bar.size = natural_of(event[copies ? "wanted" : "size"]).value_or(0);
  bar.rate = natural_of(event["rate"]);
  bar.eta_s = natural_of(event["eta_s"]);
  bar.sources = natural_of(event["sources"]);
  changed_ = true;
}

void Progress::finish(std::size_t index, bool done) {
  Bar& bar = bars_[index];
  if (bar.state == Bar::State::waiting) return; // it ended before anything was to be shown
  bar.cause.clear();
  bar.state = done ? Bar::State::done : Bar::State::failed;
  if (done) bar.done_bytes = bar.size;
  changed_ = true;
}

// The daemon reports the rate of a transfer, but not that of hashing.
void Progress::measure(Bar& bar, Start& start, Clock::time_point now) {
  constexpr std::chrono::duration<double> least(0.5);
  if (bar.state != Bar::State::running || bar.stage == "copies" || bar.rate) return;
  if (start.time == Clock::time_point{}) start = {now, bar.done_bytes};
  const std::chrono::duration<double> time = now - start.time;
  if (time < least || bar.done_bytes <= start.done_bytes) return;
  const double rate = static_cast<double>(bar.done_bytes - start.done_bytes) / time.count();
  bar.rate = static_cast<std::uint64_t>(rate);
  bar.eta_s = static_cast<std::uint64_t>(
      static_cast<double>(bar.size - std::min(bar.size, bar.done_bytes)) / rate);
}

std::optional<Progress::Clock::time_point> Progress::due() const {
  if (terminal_ == nullptr || !changed_) return std::nullopt;
  return last_draw_ + interval;
}

// All bars if they fit; else those that have not ended first, and how many there are besides.
std::vector<std::string> Progress::lines() const {
  const Size size = size_of(terminal_);
  const std::size_t columns = std::max<std::size_t>(size.columns, 20) - 1;
  const std::size_t room = std::max<std::size_t>(size.rows, 4) - 2;
  std::vector<const Bar*> shown;
  for (const Bar& bar : bars_)
    if (bar.state != Bar::State::waiting) shown.push_back(&bar);
  std::size_t hidden = 0;
  if (shown.size() > room) {
    std::stable_partition(shown.begin(), shown.end(),
                          [](const Bar* bar) { return bar->state < Bar::State::done; });
    hidden = shown.size() - room;
    shown.resize(room);
  }
  std::size_t name_columns = 0;
  for (const Bar* bar : shown) name_columns = std::max(name_columns, width_of(bar->name));
  name_columns = std::min({name_columns, std::max<std::size_t>(columns / 5, 16), widest_name});
  std::vector<std::string> lines;
  for (const Bar* bar : shown) lines.push_back(bar_line(*bar, columns, name_columns, style_));
  if (hidden > 0) lines.push_back("and " + std::to_string(hidden) + " more");
  if (!style_.utf8)
    for (std::string& line : lines) line = ascii(line);
  return lines;
}

// The cursor rests on the first bar, and no line may break, whatever size the terminal has by now:
// it tells of a new one late, but breaks the lines that stand there at once.
void Progress::draw(Clock::time_point now) {
  if (!due() || now < *due()) return;
  for (std::size_t i = 0; i < bars_.size(); ++i) measure(bars_[i], starts_[i], now);
  const std::vector<std::string> fresh = lines();
  std::string out = "\x1b[?7l\r";
  for (std::size_t i = 0; i < fresh.size(); ++i)
    out += (i == 0 ? "" : "\r\n") + fresh[i] + "\x1b[K";
  out += "\x1b[J\x1b[?7h\r"; // without the lines of the last draw that are not there any more
  if (fresh.size() > 1) out += "\x1b[" + std::to_string(fresh.size() - 1) + 'A';
  write(out);
  drawn_ = true;
  last_draw_ = now;
  changed_ = false;
}

void Progress::clear() {
  if (!drawn_) return;
  // The rest from the second column on: tmux takes a screen that is cleared as a whole for one to
  // be scrolled back to.
  write("\r\x1b[K\x1b[C\x1b[J\r");
  drawn_ = false;
  changed_ = true;
}

void Progress::write(std::string_view text) const {
  std::fwrite(text.data(), 1, text.size(), terminal_);
  std::fflush(terminal_);
}

} // namespace p2pd::ctl
