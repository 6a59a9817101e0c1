// Which line of [limits] schedule holds when, and until when; and how each mistake is told.
#include "daemon/base/schedule.hpp"

#include <cstdlib>
#include <gtest/gtest.h>

namespace p2pd::base {
namespace {

constexpr int monday = 1, friday = 5, saturday = 6, sunday = 0;

WallTime at(int day, int hour, int minute = 0) {
  return {day, hour * 60 + minute};
}

bool holds(const std::string& text, WallTime time) {
  const ScheduleLine lines[] = {parse_schedule_line(text)};
  return in_force(lines, time) != nullptr;
}

std::string mistake(const std::string& text) {
  try {
    parse_schedule_line(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(Schedule, ReadsALine) {
  const ScheduleLine line =
      parse_schedule_line("Mon-Fri 08:00-18:30 upload=5MB/s download=0 between_sites=2MB/s");
  EXPECT_EQ(line.days, (std::array<bool, 7>{false, true, true, true, true, true, false}));
  EXPECT_EQ(line.from, 480);
  EXPECT_EQ(line.to, 1110);
  EXPECT_EQ(line.rates.upload, 5'000'000U);
  EXPECT_EQ(line.rates.download, 0U);
  EXPECT_EQ(line.rates.between_sites, 2'000'000U);
  EXPECT_EQ(parse_schedule_line("00:00-24:00 upload=1MB/s").rates.download, std::nullopt);
}

TEST(Schedule, HoldsOnItsDaysAndTimes) {
  const std::string office = "Mon-Fri 08:00-18:00 upload=5MB/s";
  EXPECT_FALSE(holds(office, at(monday, 7, 59)));
  EXPECT_TRUE(holds(office, at(monday, 8)));
  EXPECT_TRUE(holds(office, at(friday, 17, 59)));
  EXPECT_FALSE(holds(office, at(friday, 18)));
  EXPECT_FALSE(holds(office, at(saturday, 12)));
  EXPECT_TRUE(holds("Sat,Sun 00:00-24:00 upload=5MB/s", at(sunday, 23, 59)));
  EXPECT_TRUE(holds("Fri-Mon 08:00-09:00 upload=5MB/s", at(sunday, 8)));
  EXPECT_FALSE(holds("Fri-Mon 08:00-09:00 upload=5MB/s", at(3, 8)));
  EXPECT_TRUE(holds("08:00-09:00 upload=5MB/s", at(3, 8)));
}

TEST(Schedule, LastsOverMidnightFromItsDayOn) {
  const std::string night = "Sat 22:00-06:00 upload=5MB/s";
  EXPECT_FALSE(holds(night, at(saturday, 5)));
  EXPECT_TRUE(holds(night, at(saturday, 22)));
  EXPECT_TRUE(holds(night, at(sunday, 5, 59)));
  EXPECT_FALSE(holds(night, at(sunday, 6)));
  EXPECT_FALSE(holds(night, at(sunday, 22)));
}

TEST(Schedule, TakesTheFirstLineThatMatches) {
  const ScheduleLine lines[] = {parse_schedule_line("Mon 12:00-13:00 upload=9MB/s"),
                                parse_schedule_line("08:00-18:00 upload=5MB/s")};
  EXPECT_EQ(in_force(lines, at(monday, 12)), &lines[0]);
  EXPECT_EQ(in_force(lines, at(monday, 13)), &lines[1]);
  EXPECT_EQ(in_force(lines, at(monday, 19)), nullptr);
}

TEST(Schedule, TellsEachMistake) {
  EXPECT_EQ(mistake("Mo 08:00-18:00 upload=5MB/s"),
            "\"Mo\" is no day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun");
  EXPECT_EQ(mistake("Mon 8:00-18:00 upload=5MB/s"),
            "\"8:00\" is no time of the day: write it as 08:00");
  EXPECT_EQ(mistake("Mon 08:00-24:01 upload=5MB/s"),
            "\"24:01\" is no time of the day: write it as 08:00");
  EXPECT_EQ(mistake("Mon 08:60-24:00 upload=5MB/s"),
            "\"08:60\" is no time of the day: write it as 08:00");
  EXPECT_EQ(mistake("Mon upload=5MB/s"),
            "\"upload=5MB/s\" is no span of time: write it as 08:00-18:00");
  EXPECT_EQ(mistake("08:00-08:00 upload=5MB/s"),
            "\"08:00-08:00\" is empty: write 00:00-24:00 for the whole day");
  EXPECT_NE(mistake("08:00-18:00"), "");
  EXPECT_NE(mistake("08:00-18:00 upload"), "");
  EXPECT_NE(mistake("08:00-18:00 up=5MB/s"), "");
  EXPECT_NE(mistake("08:00-18:00 upload=5 MB/s"), "");
  EXPECT_NE(mistake(""), "");
}

// On 29 March 2026 clocks in Berlin go from 02:00 to 03:00, on 25 October from 03:00 back to 02:00.
class ScheduleInBerlin : public testing::Test {
 protected:
  ScheduleInBerlin() { zone("CET-1CEST,M3.5.0,M10.5.0/3"); }
  ~ScheduleInBerlin() override { zone("UTC"); }
  static void zone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  static std::chrono::sys_seconds utc(int month, unsigned day, int hour) {
    using namespace std::chrono;
    return sys_days(year(2026) / month / day) + hours(hour);
  }
};

TEST_F(ScheduleInBerlin, GoesByTheClockOnTheWall) {
  const ScheduleLine lines[] = {parse_schedule_line("08:00-18:00 upload=5MB/s")};
  EXPECT_EQ(next_change(lines, utc(3, 28, 20)), utc(3, 29, 6)) << "08:00 in summer";
  EXPECT_EQ(next_change(lines, utc(10, 24, 20)), utc(10, 25, 7)) << "08:00 in winter";
  const ScheduleLine skipped[] = {parse_schedule_line("Sun 02:00-03:00 upload=5MB/s")};
  EXPECT_EQ(next_change(skipped, utc(3, 28, 20)), utc(4, 5, 0)) << "a week later";
  const ScheduleLine twice[] = {parse_schedule_line("Sun 02:00-03:00 upload=5MB/s")};
  EXPECT_EQ(next_change(twice, utc(10, 24, 20)), utc(10, 25, 0));
  EXPECT_EQ(next_change(twice, utc(10, 25, 0)), utc(10, 25, 2)) << "two hours later";
}

TEST(Schedule, ChangesNothingWhereItAlwaysHolds) {
  const ScheduleLine lines[] = {parse_schedule_line("00:00-24:00 upload=5MB/s")};
  EXPECT_EQ(next_change(lines, std::chrono::sys_seconds()), std::nullopt);
  EXPECT_EQ(next_change({}, std::chrono::sys_seconds()), std::nullopt);
}

} // namespace
} // namespace p2pd::base
