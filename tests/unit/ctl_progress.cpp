#include "ctl/render/progress.hpp"
#include "ctl/render/text.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using std::chrono::milliseconds;

Bar half_done() {
  Bar bar;
  bar.name = "debian.iso";
  bar.stage = "fetch";
  bar.state = Bar::State::running;
  bar.done_bytes = 50ULL << 20;
  bar.size = 100ULL << 20;
  bar.rate = 12ULL << 20;
  bar.eta_s = 4;
  bar.sources = 2;
  return bar;
}

TEST(BarLine, ShowsAllOn80Columns) {
  EXPECT_EQ(bar_line(half_done(), 79, 10, Style()),
            "debian.iso  ########.........   50%       50/100 MiB    12 MiB/s  0:04  from 2");
}

TEST(BarLine, NeverOutgrowsTheTerminal) {
  for (const auto state :
       {Bar::State::running, Bar::State::paused, Bar::State::done, Bar::State::failed})
    for (const std::string stage : {"fetch", "locate", "manifest", "sync", "hash", "other"})
      for (std::size_t columns = 20; columns < 200; ++columns) {
        Bar bar = half_done();
        bar.name = "漢字漢字漢字漢字漢字漢字漢字漢字";
        bar.stage = stage;
        bar.state = state;
        bar.eta_s = 360'000;
        if (state == Bar::State::paused) bar.cause = "no space left on \"/漢字漢字\"; make room";
        EXPECT_LE(width_of(bar_line(bar, columns, 16, {.utf8 = true})), columns);
      }
}

TEST(BarLine, SaysWhatHappens) {
  Bar bar;
  bar.name = "x";
  bar.stage = "locate";
  bar.state = Bar::State::running;
  EXPECT_EQ(bar_line(bar, 60, 4, Style()), "x     ..........  looking for sources");
  bar.state = Bar::State::failed;
  EXPECT_EQ(bar_line(bar, 60, 4, Style()), "x     ..........  failed");
  bar.state = Bar::State::done; // of nothing, as an empty file is
  EXPECT_EQ(bar_line(bar, 60, 4, Style()), "x     ##########  100%            0/0 B  done");
}

TEST(BarLine, CountsCopies) {
  Bar bar;
  bar.name = "x";
  bar.stage = "copies";
  bar.state = Bar::State::running;
  bar.done_bytes = 1;
  bar.size = 3;
  EXPECT_EQ(bar_line(bar, 70, 4, Style()),
            "x     ####..........   33%              1/3  waiting for copies");
}

TEST(BarLine, SaysWhyItIsPaused) {
  Bar bar = half_done();
  bar.state = Bar::State::paused;
  EXPECT_EQ(bar_line(bar, 79, 10, Style()),
            "debian.iso  ########.........   50%       50/100 MiB  paused");
  bar.cause = "no space left on /srv";
  EXPECT_EQ(bar_line(bar, 79, 10, Style()),
            "debian.iso  ########.........   50%       50/100 MiB  paused  no space left on~");
}

// A memory stream stands for the terminal: it has no size, so 80 columns and 24 rows are assumed.
class Terminal {
 public:
  Terminal() : stream_(::open_memstream(&text_, &size_)) {}
  ~Terminal() {
    std::fclose(stream_);
    std::free(text_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  std::FILE* stream() { return stream_; }
  std::string take() { // what was written since the last time
    std::fflush(stream_);
    std::string fresh(text_ + taken_, size_ - taken_);
    taken_ = size_;
    return fresh;
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::size_t taken_ = 0;
  std::FILE* stream_;
};

proto::Value event(std::uint64_t done_bytes) {
  return {{"stage", "hash"}, {"done_bytes", done_bytes}, {"size", 100}};
}

TEST(Progress, DrawsInPlaceAtMostTenTimesASecond) {
  Terminal terminal;
  Progress progress(terminal.stream(), Style(), {"a", "b\x1b"});
  const Progress::Clock::time_point start{std::chrono::hours(1)};
  EXPECT_FALSE(progress.due());

  progress.update(0, event(1));
  progress.update(1, event(2));
  progress.draw(start);
  const std::string first = terminal.take();
  EXPECT_TRUE(first.starts_with("\x1b[?7l\ra ")) << "no line may break";
  EXPECT_TRUE(first.ends_with("\x1b[J\x1b[?7h\r\x1b[1A")) << "the cursor rests on the first bar";
  EXPECT_NE(first.find("\r\nb\\x1b "), std::string::npos);

  progress.update(0, event(3));
  EXPECT_EQ(progress.due(), start + milliseconds(100));
  progress.draw(start + milliseconds(99));
  EXPECT_EQ(terminal.take(), "");
  progress.draw(start + milliseconds(100));
  EXPECT_TRUE(terminal.take().starts_with("\x1b[?7l\ra "));
  EXPECT_FALSE(progress.due());

  progress.redraw();
  progress.draw(start + milliseconds(200));
  EXPECT_TRUE(terminal.take().starts_with("\x1b[?7l\ra "));

  progress.clear();
  EXPECT_EQ(terminal.take(), "\r\x1b[K\x1b[C\x1b[J\r");
  progress.clear();
  EXPECT_EQ(terminal.take(), "");
}

TEST(Progress, WithoutUtf8NamesAreAscii) {
  Terminal terminal;
  Progress progress(terminal.stream(), Style(), {"漢字"});
  progress.update(0, event(1));
  progress.draw(Progress::Clock::time_point(std::chrono::hours(1)));
  EXPECT_TRUE(terminal.take().starts_with("\x1b[?7l\r????  "));
}

TEST(Progress, MeasuresWhatTheDaemonDoesNotTell) {
  Terminal terminal;
  Progress progress(terminal.stream(), Style(), {"a"});
  const Progress::Clock::time_point start{std::chrono::hours(1)};
  const auto hashing = [](std::uint64_t mebibytes) -> proto::Value {
    return {{"stage", "hash"}, {"done_bytes", mebibytes << 20}, {"size", 1000ULL << 20}};
  };
  progress.update(0, hashing(100));
  progress.draw(start);
  EXPECT_EQ(terminal.take().find("MiB/s"), std::string::npos);
  progress.update(0, hashing(400));
  progress.draw(start + milliseconds(1000));
  EXPECT_NE(terminal.take().find("300 MiB/s  0:02"), std::string::npos);
  for (const std::uint64_t copies : {1, 2}) {
    progress.update(0, {{"stage", "copies"}, {"copies", copies}, {"wanted", 3}});
    progress.draw(start + std::chrono::seconds(2 * copies));
    EXPECT_EQ(terminal.take().find("/s"), std::string::npos) << "copies are no bytes";
  }
}

TEST(Progress, ShowsThoseThatRunWhereNotAllFit) {
  Terminal terminal;
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) names.push_back("file" + std::to_string(i));
  Progress progress(terminal.stream(), Style(), names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    progress.update(i, event(i));
    if (i < 10) progress.finish(i, true);
  }
  progress.draw(Progress::Clock::time_point(std::chrono::hours(1)));
  const std::string drawn = terminal.take();
  EXPECT_NE(drawn.find("file29 "), std::string::npos);
  EXPECT_EQ(drawn.find("file9 "), std::string::npos);
  EXPECT_NE(drawn.find("and 8 more"), std::string::npos);
}

TEST(Progress, APausedTransferTellsItsCauseUntilItGoesOn) {
  Terminal terminal;
  Progress progress(terminal.stream(), Style(), {"a"});
  const Progress::Clock::time_point start{std::chrono::hours(1)};
  proto::Value paused = event(1);
  paused.set("state", "paused");
  paused.set("error", "no space left");
  progress.update(0, paused);
  progress.draw(start);
  EXPECT_NE(terminal.take().find("paused  no space left"), std::string::npos);
  progress.update(0, event(2));
  progress.draw(start + milliseconds(100));
  EXPECT_EQ(terminal.take().find("no space left"), std::string::npos);
}

TEST(Progress, WithoutATerminalThereIsNothingToDraw) {
  Progress progress(nullptr, Style(), {"a"});
  progress.update(0, event(1));
  EXPECT_FALSE(progress.due());
  progress.draw(Progress::Clock::now());
  progress.clear();
}

} // namespace
} // namespace p2pd::ctl
