#include "daemon/base/log.hpp"

#include "daemon/base/log_causes.hpp"
#include "daemon/base/log_sink.hpp"
#include "proto/safe_text.hpp"

#include <atomic>
#include <memory>
#include <mutex>

namespace p2pd::base::log {

namespace {

std::atomic<Level> threshold = Level::info;
std::mutex mutex; // of both that follow
Causes causes;
std::unique_ptr<Sink> sink; // none before open(): then nothing is said

void say(Line line) {
  line.text = proto::safe(line.text);
  for (Field& field : line.fields) field.value = proto::safe(field.value);
  sink->put(line);
}

void say(std::vector<Line> lines) {
  for (Line& line : lines)
    if (enabled(line.level)) say(std::move(line));
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

void tell_counted() {
  const std::scoped_lock lock(mutex);
  if (sink != nullptr) say(causes.due(std::chrono::steady_clock::now()));
}

void tell_rest() {
  const std::scoped_lock lock(mutex);
  if (sink != nullptr) say(causes.rest());
}

void write(Line line, std::string_view cause) {
  const std::scoped_lock lock(mutex);
  if (sink == nullptr) return;
  const auto now = std::chrono::steady_clock::now();
  say(causes.due(now));
  const bool counted = line.level != Level::debug && !enabled(Level::debug) && !cause.empty();
  if (!counted || causes.pass(line, cause, now)) say(std::move(line));
}

} // namespace p2pd::base::log
