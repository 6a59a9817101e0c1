// The log: one line per event, with the room it comes from and fields for programs.
//
//   log::info("tracker", "{} came from {}", name, address);
//   log::info("transfers", log::Fields{{"transfer", "7"}}, "{} is whole at {}", name, path);
//
// If stderr is the systemd journal, each line is an entry with its priority and fields; otherwise a
// line on stderr with a time and a level. Writing never blocks: a line is dropped instead, see
// log_sink.hpp. The log is rate-limited: repeated lines are counted and summed up once a minute,
// see log_causes.hpp. Exempt are answers to a person, debug lines, and everything at the log level
// debug. Secrets and whole file lists are never logged. Thread: any.
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

struct Line {
  Level level = Level::info;
  std::string_view room; // a literal
  std::string text;      // the sink makes it and the fields safe()
  Fields fields;
};

void open(Level level); // once, before the first line
void set_level(Level level);
bool enabled(Level level);
void tell_counted(); // the counts that are due; called every few seconds
void tell_rest();    // all counts, due or not; at the end
// `cause`: the format, which must stay valid; "": exempt from rate limiting.
void write(Line line, std::string_view cause);

template <class... Arguments>
void line(Level level, std::string_view room, const Fields& fields,
          fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  if (!enabled(level)) return;
  const fmt::string_view cause = format;
  write({level, room, fmt::format(format, std::forward<Arguments>(arguments)...), fields},
        {cause.data(), cause.size()});
}

// The answer to a person's signal, which has no other way back; exempt from rate limiting.
template <class... Arguments>
void answer(Level level, std::string_view room, fmt::format_string<Arguments...> format,
            Arguments&&... arguments) {
  if (!enabled(level)) return;
  write({level, room, fmt::format(format, std::forward<Arguments>(arguments)...), {}}, "");
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
