#include "daemon/http/exposition.hpp"

#include <array>
#include <fmt/core.h>

namespace p2pd::http {

namespace {

using std::chrono::microseconds;

// A loop iteration may take milliseconds; beyond ten seconds, more detail is useless.
constexpr auto bounds = std::to_array<std::int64_t>({100, 250, 500, 1'000, 2'500, 5'000, 10'000,
                                                     25'000, 50'000, 100'000, 250'000, 500'000,
                                                     1'000'000, 2'500'000, 5'000'000, 10'000'000});

std::string seconds(microseconds time) {
  return fmt::format("{}", std::chrono::duration<double>(time).count());
}

std::string escaped(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '\\' || c == '"') text += '\\';
    if (c == '\n')
      text += "\\n";
    else
      text += c;
  }
  return text;
}

} // namespace

void Exposition::begin(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

Exposition& Exposition::gauge(std::string_view name, std::string_view help) {
  begin(name, "gauge", help);
  return *this;
}

Exposition& Exposition::counter(std::string_view name, std::string_view help) {
  begin(name, "counter", help);
  return *this;
}

void Exposition::value(double number, Labels labels) {
  sample("", labels, fmt::format("{}", number));
}

void Exposition::sample(std::string_view suffix, Labels labels, std::string_view number) {
  text_ += name_;
  text_ += suffix;
  char before = '{';
  for (const Label& label : labels) {
    text_ += fmt::format("{}{}=\"{}\"", before, label.name, escaped(label.value));
    before = ',';
  }
  if (labels.size() > 0) text_ += '}';
  text_ += fmt::format(" {}\n", number);
}

void Exposition::histogram(std::string_view name, std::string_view help,
                           const io::Histogram& histogram) {
  begin(name, "histogram", help);
  for (const std::int64_t bound : bounds)
    sample("_bucket", {{"le", seconds(microseconds(bound))}},
           std::to_string(histogram.count_within(microseconds(bound))));
  sample("_bucket", {{"le", "+Inf"}}, std::to_string(histogram.count()));
  sample("_sum", {}, seconds(histogram.sum()));
  sample("_count", {}, std::to_string(histogram.count()));
}

} // namespace p2pd::http
