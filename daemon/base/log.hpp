// The log: one line an event, to stderr, with the room it comes from.
//
//   log::info("tracker", "{} came from {}", name, address);
//
// Under systemd (stderr is the journal) each line carries its priority as "<N>"; elsewhere a time
// and the level. Secrets and whole file lists never go here. Thread: any.
#pragma once

#include <cstdint>
#include <fmt/core.h>
#include <string_view>

namespace p2pd::base::log {

enum class Level : std::uint8_t { error, warn, info, debug };

void open(Level level); // once, before the first line
void set_level(Level level);
bool enabled(Level level);
void write(Level level, std::string_view room, std::string_view text);

template <class... Arguments>
void line(Level level, std::string_view room, fmt::format_string<Arguments...> format,
          Arguments&&... arguments) {
  if (enabled(level))
    write(level, room, fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <class... Arguments>
void error(std::string_view room, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  line(Level::error, room, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void warn(std::string_view room, fmt::format_string<Arguments...> format,
          Arguments&&... arguments) {
  line(Level::warn, room, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void info(std::string_view room, fmt::format_string<Arguments...> format,
          Arguments&&... arguments) {
  line(Level::info, room, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void debug(std::string_view room, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  line(Level::debug, room, format, std::forward<Arguments>(arguments)...);
}

} // namespace p2pd::base::log
