// The log: one line an event, with the room it comes from, and fields for programs.
//
//   log::info("tracker", "{} came from {}", name, address);
//   log::info("transfers", log::Fields{{"transfer", "7"}}, "{} is whole at {}", name, path);
//
// Under systemd (stderr is the journal) each line is an entry with its priority and fields;
// elsewhere a line on stderr with a time and a level. A line is lost rather than waited for, see
// log_sink.hpp. The same cause, which is a format in a room, fills no log: beyond a burst its lines
// are only counted, and the next that passes tells how many there were; but debug tells all.
// Secrets and whole file lists never go here. Thread: any.
#pragma once

#include <cstdint>
#include <fmt/core.h>
#include <string_view>
#include <vector>

namespace p2pd::base::log {

enum class Level : std::uint8_t { error, warn, info, debug };

struct Field {
  std::string_view key; // lower-case letters, digits and "_"
  std::string value;
};
using Fields = std::vector<Field>;

void open(Level level); // once, before the first line
void set_level(Level level);
bool enabled(Level level);
// `cause`: what a line is counted as, for as long as the process runs.
void write(Level level, std::string_view room, std::string_view cause, const Fields& fields,
           std::string text);

template <class... Arguments>
void line(Level level, std::string_view room, const Fields& fields,
          fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (!enabled(level)) return;
  const fmt::string_view cause = format;
  write(level, room, {cause.data(), cause.size()}, fields,
        fmt::format(format, std::forward<Arguments>(arguments)...));
}

template <class... Arguments>
void error(std::string_view room, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  line(Level::error, room, {}, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void warn(std::string_view room, fmt::format_string<Arguments...> format,
          Arguments&&... arguments) {
  line(Level::warn, room, {}, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void info(std::string_view room, fmt::format_string<Arguments...> format,
          Arguments&&... arguments) {
  line(Level::info, room, {}, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void debug(std::string_view room, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  line(Level::debug, room, {}, format, std::forward<Arguments>(arguments)...);
}

template <class... Arguments>
void error(std::string_view room, const Fields& fields, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  line(Level::error, room, fields, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void warn(std::string_view room, const Fields& fields, fmt::format_string<Arguments...> format,
          Arguments&&... arguments) {
  line(Level::warn, room, fields, format, std::forward<Arguments>(arguments)...);
}
template <class... Arguments>
void info(std::string_view room, const Fields& fields, fmt::format_string<Arguments...> format,
          Arguments&&... arguments) {
  line(Level::info, room, fields, format, std::forward<Arguments>(arguments)...);
}

} // namespace p2pd::base::log
