#include "proto/units.hpp"

#include <gtest/gtest.h>
#include <stdexcept>

namespace p2pd::proto {
namespace {

using namespace std::chrono_literals;

template <class Parse>
std::string refusal(Parse parse, std::string_view text) {
  try {
    parse(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Units, SizesAreDecimalOrBinary) {
  EXPECT_EQ(parse_size("64 MiB"), 64U << 20);
  EXPECT_EQ(parse_size("50 MB"), 50'000'000U);
  EXPECT_EQ(parse_size("50MB"), 50'000'000U);
  EXPECT_EQ(parse_size("512 KiB"), 512U << 10);
  EXPECT_EQ(parse_size("1 kB"), 1'000U);
  EXPECT_EQ(parse_size("1 KB"), 1'000U);
  EXPECT_EQ(parse_size("4096"), 4096U);
  EXPECT_EQ(parse_size("0"), 0U);
  EXPECT_EQ(parse_size("1.5 GB"), 1'500'000'000U);
  EXPECT_EQ(parse_size("0.25 KiB"), 256U);
  EXPECT_EQ(parse_size("16777215 TiB"), 16777215ULL << 40);
  EXPECT_EQ(parse_size("18446744073709551615"), UINT64_MAX);
}

TEST(Units, SizesThatAreNone) {
  const auto why = [](std::string_view text) { return refusal(parse_size, text); };
  EXPECT_EQ(why(""), "\"\" does not begin with a number: write for example 64 MiB");
  EXPECT_EQ(why("-5 MB"), "\"-5 MB\" does not begin with a number: write for example 64 MiB");
  EXPECT_EQ(
      why("64 mb"),
      "\"64 mb\" has the unknown unit \"mb\": write B, kB, MB, GB, TB, or KiB, MiB, GiB, TiB");
  EXPECT_EQ(
      why("1,5 GB"),
      "\"1,5 GB\" has the unknown unit \",5 GB\": write B, kB, MB, GB, TB, or KiB, MiB, GiB, TiB");
  EXPECT_EQ(why("64 MiB "),
            "\"64 MiB \" has the unknown unit \"MiB \": write B, kB, MB, GB, TB, or "
            "KiB, MiB, GiB, TiB");
  EXPECT_EQ(why("8 Mbit"), "\"8 Mbit\" counts bits: write bytes, 8 Mbit are 1 MB");
  EXPECT_EQ(why("1.5"),
            "\"1.5\" has no unit: write B, kB, MB, GB, TB, or KiB, MiB, GiB, TiB behind it");
  EXPECT_EQ(why("1.1234567 GB"),
            "\"1.1234567 GB\" has more than 6 digits after the point: write a smaller unit");
  EXPECT_EQ(why("18446744073709551616"), "\"18446744073709551616\" is too large");
  EXPECT_EQ(why("16777216 TiB"), "\"16777216 TiB\" is too large");
  EXPECT_EQ(why("16777215.999999 TiB"), ""); // the largest that fits
  EXPECT_EQ(why("\xff"), "\"\xEF\xBF\xBD\" does not begin with a number: write for example 64 MiB");
}

TEST(Units, Rates) {
  EXPECT_EQ(parse_rate("50 MB/s"), 50'000'000U);
  EXPECT_EQ(parse_rate("1.5MiB/s"), 3U << 19);
  EXPECT_EQ(parse_rate("0"), 0U);
  EXPECT_EQ(refusal(parse_rate, "50 MB"),
            "\"50 MB\" is not a rate: write for example 50 MB/s, or 0 for no limit");
  EXPECT_EQ(refusal(parse_rate, "100 Mbit/s"),
            "\"100 Mbit/s\" counts bits: write bytes, 8 Mbit are 1 MB");
  EXPECT_EQ(refusal(parse_rate, "fast"),
            "\"fast\" does not begin with a number: write for example 50 MB/s");
}

TEST(Units, Durations) {
  EXPECT_EQ(parse_duration("300ms"), 300ms);
  EXPECT_EQ(parse_duration("30 s"), 30s);
  EXPECT_EQ(parse_duration("10 min"), 10min);
  EXPECT_EQ(parse_duration("1.5 h"), 90min);
  EXPECT_EQ(parse_duration("30 d"), std::chrono::days(30));
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(refusal(parse_duration, "30"),
            "\"30\" has no unit: write ms, s, min, h or d behind it");
  EXPECT_EQ(refusal(parse_duration, "30 sec"),
            "\"30 sec\" has the unknown unit \"sec\": write ms, s, min, h or d");
  EXPECT_EQ(refusal(parse_duration, "10 m"),
            "\"10 m\" has the unknown unit \"m\": write ms, s, min, h or d");
  EXPECT_EQ(refusal(parse_duration, "106751991168 d"), "\"106751991168 d\" is too large");
}

TEST(Units, PrintedValuesAreReadBack) {
  EXPECT_EQ(format_size(64U << 20), "64 MiB");
  EXPECT_EQ(format_size(64'000'000), "64 MB"); // and not 62500 KiB
  EXPECT_EQ(format_size(0), "0");
  EXPECT_EQ(format_rate(50'000'000), "50 MB/s");
  EXPECT_EQ(format_rate(0), "0");
  EXPECT_EQ(format_duration(90s), "90 s");
  EXPECT_EQ(format_duration(std::chrono::days(30)), "30 d");
  EXPECT_EQ(format_duration(0s), "0");
  for (const std::uint64_t value :
       {1ULL, 999ULL, 1'000ULL, 1'024ULL, 1'234'567ULL, 5ULL << 40, ~0ULL}) {
    EXPECT_EQ(parse_size(format_size(value)), value);
    EXPECT_EQ(parse_rate(format_rate(value)), value);
  }
  for (const auto value : {1ms, 999ms, 1'000ms, 61'000ms, 86'400'000ms})
    EXPECT_EQ(parse_duration(format_duration(value)), value);
}

} // namespace
} // namespace p2pd::proto
