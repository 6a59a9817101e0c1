#include "daemon/base/schedule.hpp"

#include "daemon/base/config_value.hpp"
#include "proto/units.hpp"

#include <algorithm>
#include <ctime>
#include <sstream>

namespace p2pd::base {

namespace {

constexpr int minutes_of_hour = 60;
constexpr int minutes_of_day = 24 * minutes_of_hour;
constexpr std::array<std::string_view, 7> names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

std::size_t parse_day(const std::string& text) {
  const auto found = std::ranges::find(names, text);
  if (found == names.end())
    refuse("{} is no day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun", in_quotes(text));
  return static_cast<std::size_t>(found - names.begin());
}

void add_days(const std::string& text, std::array<bool, 7>& days) {
  const std::size_t dash = text.find('-');
  const std::size_t first = parse_day(text.substr(0, dash));
  const std::size_t last = dash == std::string::npos ? first : parse_day(text.substr(dash + 1));
  for (std::size_t day = first;; day = (day + 1) % days.size()) {
    days[day] = true;
    if (day == last) return;
  }
}

int parse_time(const std::string& text) {
  int hour = 0;
  int minute = 0;
  char colon = 0;
  std::istringstream in(text);
  const bool digits =
      std::ranges::all_of(text, [](char c) { return c == ':' || (c >= '0' && c <= '9'); });
  const bool read = digits && text.size() == 5 && (in >> hour >> colon >> minute) && colon == ':';
  const int time = hour * minutes_of_hour + minute;
  if (!read || minute >= minutes_of_hour || time > minutes_of_day)
    refuse("{} is no time of the day: write it as 08:00", in_quotes(text));
  return time;
}

void parse_span(const std::string& text, ScheduleLine& line) {
  const std::size_t dash = text.find('-');
  if (dash == std::string::npos)
    refuse("{} is no span of time: write it as 08:00-18:00", in_quotes(text));
  line.from = parse_time(text.substr(0, dash));
  line.to = parse_time(text.substr(dash + 1));
  if (line.from == line.to)
    refuse("{} is empty: write 00:00-24:00 for the whole day", in_quotes(text));
}

void parse_rate(const std::string& text, ScheduledRates& rates) {
  const std::size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  std::optional<std::uint64_t>* const rate = key == "upload"          ? &rates.upload
                                             : key == "download"      ? &rates.download
                                             : key == "between_sites" ? &rates.between_sites
                                                                      : nullptr;
  if (rate == nullptr || equals == std::string::npos)
    refuse("{} is no rate: write upload=, download= or between_sites= and a rate such as 5MB/s, "
           "without a blank",
           in_quotes(text));
  *rate = proto::parse_rate(text.substr(equals + 1));
}

} // namespace

ScheduleLine parse_schedule_line(const std::string& text) {
  ScheduleLine line;
  line.text = text;
  std::istringstream words(text);
  std::string word;
  words >> word;
  if (!word.empty() && (word[0] < '0' || word[0] > '9')) {
    std::istringstream days(word);
    for (std::string day; std::getline(days, day, ',');) add_days(day, line.days);
    word.clear();
    words >> word;
  } else {
    line.days.fill(true);
  }
  parse_span(word, line);
  while (words >> word) parse_rate(word, line.rates);
  if (line.rates == ScheduledRates())
    refuse("{} names no rate: write for example \"Mon-Fri 08:00-18:00 upload=5MB/s\"",
           in_quotes(text));
  return line;
}

WallTime wall_time(std::chrono::sys_seconds time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  return {parts.tm_wday, parts.tm_hour * minutes_of_hour + parts.tm_min};
}

const ScheduleLine* in_force(std::span<const ScheduleLine> lines, WallTime now) {
  const auto day = static_cast<std::size_t>(now.day);
  const auto found = std::ranges::find_if(lines, [&](const ScheduleLine& line) {
    const bool over_midnight = line.to < line.from;
    const bool begun = now.minute >= line.from && (over_midnight || now.minute < line.to);
    const bool goes_on = over_midnight && now.minute < line.to;
    return (begun && line.days[day]) || (goes_on && line.days[(day + 6) % 7]);
  });
  return found == lines.end() ? nullptr : &*found;
}

// Minute by minute, as no rule tells what clocks show when they are set.
std::optional<std::chrono::sys_seconds> next_change(std::span<const ScheduleLine> lines,
                                                    std::chrono::sys_seconds now) {
  if (lines.empty()) return std::nullopt;
  const ScheduleLine* const holds = in_force(lines, wall_time(now));
  const auto minute = std::chrono::floor<std::chrono::minutes>(now);
  for (int i = 1; i <= 8 * minutes_of_day; ++i)
    if (const auto time = minute + std::chrono::minutes(i);
        in_force(lines, wall_time(time)) != holds)
      return time;
  return std::nullopt;
}

} // namespace p2pd::base
