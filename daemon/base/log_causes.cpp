#include "daemon/base/log_causes.hpp"

#include <algorithm>

namespace p2pd::base::log {

namespace {

std::string subject(const Line& line) {
  if (line.fields.empty()) return line.text;
  std::string text;
  for (const Field& field : line.fields) text += field.value + '\n';
  return text;
}

// 6034 as "6,034".
std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

} // namespace

bool Causes::room(std::size_t kind) const {
  return said_[kind].size() < most_of_kind && said_[0].size() + said_[1].size() < most_lines;
}

void Causes::forget(Time until) {
  for (std::deque<Time>& times : said_)
    while (!times.empty() && times.front() <= until) times.pop_front();
  std::erase_if(subjects_, [&](const auto& said) { return said.second <= until; });
}

void Causes::note(const Key& key, Count& count, const Line& line, Time now) {
  said_[kind(line)].push_back(now);
  if (line.level == Level::info)
    subjects_[{key, subject(line)}] = now;
  else
    count.said = now;
}

bool Causes::pass(const Line& line, std::string_view cause, Time now) {
  forget(now - period);
  const Key key{line.room, cause};
  Count& count = counts_[key];
  const bool repeated = line.level == Level::info
                            ? subjects_.contains({key, subject(line)})
                            : (count.said && now - *count.said < period) || count.held > 0;
  if (!repeated && room(kind(line))) {
    note(key, count, line, now);
    return true;
  }
  if (count.held++ == 0) count.since = now;
  count.last = line;
  return false;
}

std::vector<Causes::Counts::value_type*> Causes::held() {
  std::vector<Counts::value_type*> list;
  for (auto& entry : counts_)
    if (entry.second.held > 0) list.push_back(&entry);
  std::ranges::sort(list, {}, [](const auto* entry) { return entry->second.since; });
  return list;
}

Line Causes::summary(Count& count) {
  const std::uint64_t times = std::exchange(count.held, 0);
  Line line = std::exchange(count.last, {});
  if (times > 1) line.text += " (repeated " + grouped(times) + " times)";
  return line;
}

std::vector<Line> Causes::due(Time now) {
  forget(now - period);
  std::vector<Line> lines;
  for (auto* const entry : held()) {
    auto& [key, count] = *entry;
    if (now - count.since < period || !room(kind(count.last))) continue;
    note(key, count, count.last, now);
    lines.push_back(summary(count));
  }
  return lines;
}

std::vector<Line> Causes::rest() {
  std::vector<Line> lines;
  for (auto* const entry : held()) lines.push_back(summary(entry->second));
  return lines;
}

} // namespace p2pd::base::log
