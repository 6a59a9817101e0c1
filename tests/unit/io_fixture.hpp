// What the tests of everything that stands on the loop share: running it until something has come
// about, and a listener that writes down what a stream tells it.
#pragma once

#include "daemon/io/listener.hpp"
#include "daemon/io/timer.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <string>

namespace p2pd::io {

// Calls a lambda where the rooms bind a method.
class Calling final {
 public:
  explicit Calling(std::function<void()> what) : what_(std::move(what)) {}
  operator Bound<void()>() { return bind<&Calling::call>(this); }

 private:
  void call() { what_(); }
  std::function<void()> what_;
};

// Runs the loop until the condition holds, which is looked at every millisecond; false where that
// takes longer than `limit`.
template <class Condition>
[[nodiscard]] bool run_until(Loop& loop, Condition&& condition,
                             milliseconds limit = milliseconds(120'000)) {
  if (condition()) return true;
  bool held = false;
  const Time end = Clock::now() + limit;
  Calling look([&] {
    held = condition();
    if (held || Clock::now() > end) loop.stop();
  });
  Timer timer(loop, look);
  timer.every(milliseconds(1));
  loop.run();
  return held;
}

// For what must not happen: a few turns of the loop, long enough for all that is under way on this
// machine to arrive.
inline void settle(Loop& loop) {
  int turns = 20;
  EXPECT_TRUE(run_until(loop, [&] { return turns-- == 0; }));
}

// The ear of one stream.
class Ear final : public StreamListener {
 public:
  explicit Ear(std::size_t space = 64 * 1024) : buffer_(space) {}

  std::vector<std::error_code> connected;
  std::vector<std::error_code> ended;
  std::vector<std::uint8_t> bytes;
  std::size_t written = 0; // calls of on_written
  std::function<void()> when_connected = [] {};
  std::function<void()> when_read = [] {};
  std::function<void()> when_ended = [] {};

  std::string text() const { return {bytes.begin(), bytes.end()}; }

  void on_connected(std::error_code code) override {
    connected.push_back(code);
    when_connected();
  }
  std::span<std::uint8_t> read_buffer() override { return buffer_; }
  void on_read(std::size_t size) override {
    bytes.insert(bytes.end(), buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
    when_read();
  }
  void on_end(std::error_code code) override {
    ended.push_back(code);
    when_ended();
  }
  void on_written() override { ++written; }

 private:
  std::vector<std::uint8_t> buffer_;
};

inline std::vector<std::uint8_t> bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

// Bytes of which no stretch is like another.
inline std::vector<std::uint8_t> noise_of(std::size_t size, std::uint32_t seed = 1) {
  std::vector<std::uint8_t> bytes(size);
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1664525 + 1013904223;
    byte = static_cast<std::uint8_t>(seed >> 24);
  }
  return bytes;
}

inline Endpoint loopback(std::uint16_t port = 0) {
  return *Endpoint::from(base::HostPort{"127.0.0.1", port});
}

} // namespace p2pd::io
