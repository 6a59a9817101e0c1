#include "proto/units.hpp"

#include "proto/bytes.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <stdexcept>

namespace p2pd::proto {

namespace {

struct NamedUnit {
  std::string_view name;
  std::uint64_t factor;
};

// Names that format_size prints come first; KB is a common spelling of kB.
constexpr auto size_units = std::to_array<NamedUnit>({{"B", 1},
                                                      {"kB", 1'000},
                                                      {"KiB", 1ULL << 10},
                                                      {"MB", 1'000'000},
                                                      {"MiB", 1ULL << 20},
                                                      {"GB", 1'000'000'000},
                                                      {"GiB", 1ULL << 30},
                                                      {"TB", 1'000'000'000'000},
                                                      {"TiB", 1ULL << 40},
                                                      {"KB", 1'000}});
constexpr std::string_view size_words = "B, kB, MB, GB, TB, or KiB, MiB, GiB, TiB";

constexpr auto duration_units = std::to_array<NamedUnit>(
    {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}});
constexpr std::string_view duration_words = "ms, s, min, h or d";

// Fractions are exact integers in millionths: 10^6 times the largest factor stays below 2^63.
constexpr std::size_t most_fraction_digits = 6;

std::string quoted(std::string_view text) {
  return '"' + printable(text) + '"';
}

[[noreturn]] void fail(const std::string& message) {
  throw std::invalid_argument(message);
}

bool digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_digits(std::string_view& rest) {
  const std::size_t count =
      static_cast<std::size_t>(std::ranges::find_if_not(rest, digit) - rest.begin());
  const std::string_view digits = rest.substr(0, count);
  rest.remove_prefix(count);
  return digits;
}

// `written` is quoted in errors: a rate's text is longer than the number and unit that are parsed.
[[noreturn]] void too_large(std::string_view written) {
  fail(quoted(written) + " is too large");
}

std::uint64_t natural(std::string_view digits, std::string_view written) {
  std::uint64_t value = 0;
  for (const char c : digits)
    if (__builtin_mul_overflow(value, 10U, &value) ||
        __builtin_add_overflow(value, static_cast<unsigned>(c - '0'), &value))
      too_large(written);
  return value;
}

struct Number {
  std::uint64_t whole = 0;
  std::uint64_t millionths = 0;
  std::string_view unit; // "" = none was written
};

Number split(std::string_view text, std::string_view written, std::string_view example) {
  Number number;
  const std::string_view whole = take_digits(text);
  if (whole.empty())
    fail(quoted(written) + " does not begin with a number: write for example " +
         std::string(example));
  number.whole = natural(whole, written);
  if (text.size() > 1 && text[0] == '.' && digit(text[1])) {
    text.remove_prefix(1);
    std::string digits(take_digits(text));
    if (digits.size() > most_fraction_digits)
      fail(quoted(written) + " has more than 6 digits after the point: write a smaller unit");
    digits.resize(most_fraction_digits, '0');
    number.millionths = natural(digits, written);
  }
  const std::size_t blanks = text.find_first_not_of(' ');
  number.unit = blanks == std::string_view::npos ? std::string_view() : text.substr(blanks);
  return number;
}

std::uint64_t multiply(const Number& number, std::uint64_t factor, std::string_view written) {
  std::uint64_t value = 0;
  if (__builtin_mul_overflow(number.whole, factor, &value) ||
      __builtin_add_overflow(value, number.millionths * factor / 1'000'000, &value))
    too_large(written);
  return value;
}

const NamedUnit* find(std::span<const NamedUnit> units, std::string_view name) {
  const auto unit = std::ranges::find(units, name, &NamedUnit::name);
  return unit == units.end() ? nullptr : &*unit;
}

std::uint64_t size_of(std::string_view text, std::string_view written, std::string_view example) {
  const Number number = split(text, written, example);
  if (number.unit.empty()) {
    if (number.millionths == 0) return number.whole;
    fail(quoted(written) + " has no unit: write " + std::string(size_words) + " behind it");
  }
  if (const NamedUnit* unit = find(size_units, number.unit))
    return multiply(number, unit->factor, written);
  if (number.unit.find("bit") != std::string_view::npos)
    fail(quoted(written) + " counts bits: write bytes, 8 Mbit are 1 MB");
  fail(quoted(written) + " has the unknown unit " + quoted(number.unit) + ": write " +
       std::string(size_words));
}

// The unit that leaves the smallest whole number: 64 MB rather than 62500 KiB.
std::string exact(std::uint64_t value, std::span<const NamedUnit> units) {
  const NamedUnit* best = &units.front();
  for (const NamedUnit& unit : units)
    if (value % unit.factor == 0 && unit.factor > best->factor) best = &unit;
  return value == 0 ? "0" : std::to_string(value / best->factor) + ' ' + std::string(best->name);
}

} // namespace

std::uint64_t parse_size(std::string_view text) {
  return size_of(text, text, "64 MiB");
}

std::uint64_t parse_rate(std::string_view text) {
  if (text == "0") return 0;
  if (text.ends_with("/s")) return size_of(text.substr(0, text.size() - 2), text, "50 MB/s");
  size_of(text, text, "50 MB/s"); // its error, if any, is more specific than the one below
  fail(quoted(text) + " is not a rate: write for example 50 MB/s, or 0 for no limit");
}

std::chrono::milliseconds parse_duration(std::string_view text) {
  const Number number = split(text, text, "30 s");
  if (number.unit.empty()) {
    if (number.whole == 0 && number.millionths == 0) return std::chrono::milliseconds::zero();
    fail(quoted(text) + " has no unit: write " + std::string(duration_words) + " behind it");
  }
  const NamedUnit* unit = find(duration_units, number.unit);
  if (!unit)
    fail(quoted(text) + " has the unknown unit " + quoted(number.unit) + ": write " +
         std::string(duration_words));
  const std::uint64_t value = multiply(number, unit->factor, text);
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) too_large(text);
  return std::chrono::milliseconds(value);
}

std::string format_size(std::uint64_t bytes) {
  return exact(bytes, size_units);
}

std::string format_rate(std::uint64_t bytes_per_second) {
  return bytes_per_second == 0 ? "0" : format_size(bytes_per_second) + "/s";
}

std::string format_duration(std::chrono::milliseconds duration) {
  return exact(static_cast<std::uint64_t>(duration.count()), duration_units);
}

} // namespace p2pd::proto
