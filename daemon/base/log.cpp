#include "daemon/base/log.hpp"

#include "daemon/base/log_causes.hpp"
#include "daemon/base/log_sink.hpp"

#include <atomic>
#include <memory>
#include <mutex>

namespace p2pd::base::log {

namespace {

std::atomic<Level> threshold = Level::info;
std::mutex mutex; // of both
Causes causes;
std::unique_ptr<Sink> sink; // none before open(): then nothing is said

// A name may hold anything; a line of the log is one line.
std::string clean(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      line += c;
  }
  return line;
}

} // namespace

void open(Level level) {
  set_level(level);
  const std::scoped_lock lock(mutex);
  sink = std::make_unique<Sink>();
}

void set_level(Level level) {
  threshold = level;
}
bool enabled(Level level) {
  return level <= threshold;
}

void write(Level level, std::string_view room, std::string_view cause, const Fields& fields,
           std::string text) {
  const std::scoped_lock lock(mutex);
  if (sink == nullptr) return;
  if (level != Level::debug) {
    const auto passed = causes.pass(room, cause, Causes::Clock::now());
    if (!passed) return;
    if (*passed > 0) text += fmt::format(" (and {} more like this)", *passed);
  }
  Fields cleaned = fields;
  for (Field& field : cleaned) field.value = clean(field.value);
  sink->put({level, room, clean(text), std::move(cleaned)});
}

} // namespace p2pd::base::log
