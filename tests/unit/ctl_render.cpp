#include "ctl/render/bars.hpp"
#include "ctl/render/cells.hpp"
#include "ctl/render/json.hpp"
#include "ctl/render/lines.hpp"
#include "ctl/render/table.hpp"
#include "ctl/render/text.hpp"
#include "ctl/render/units.hpp"
#include "tests/unit/ctl_drawn.hpp"

#include <gtest/gtest.h>

namespace p2pd::ctl {
namespace {

using proto::Value;

TEST(Text, NothingInANameIsObeyed) {
  EXPECT_EQ(safe("gr\xc3\xbc\xc3\x9f e"), "gr\xc3\xbc\xc3\x9f e");
  EXPECT_EQ(safe("a\x1b[31mb\tc\nd\x7f"), "a\\x1b[31mb\\tc\\nd\\x7f");
  EXPECT_EQ(safe("\xc2\x9b"), "\\x9b");
  EXPECT_EQ(safe("x\xe2\x80\xaegnp"), "x\\u202egnp");
  EXPECT_EQ(safe("\xff"), "\xEF\xBF\xBD");
}

TEST(Text, WidthCountsColumns) {
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("漢字"), 4U);
  EXPECT_EQ(width_of("e\xcc\x81"), 1U); // e with a combining accent
  EXPECT_EQ(cut("漢字漢字", 5), "漢字~");
  EXPECT_EQ(cut("abcdef", 3), "ab~");
  EXPECT_EQ(cut("abc", 3), "abc");
  EXPECT_EQ(cut("abc", 0), "");
}

TEST(Text, IsCutAtEitherEnd) {
  EXPECT_EQ(cut("漢字漢字", 4, "…"), "漢…");
  EXPECT_EQ(cut_front("/dl/debian.iso", 8, "…"), "…ian.iso");
  EXPECT_EQ(cut_front("漢字漢字", 4), "~字");
  EXPECT_EQ(cut_front("abc", 3), "abc");
  EXPECT_EQ(cut_front("abc", 0), "");
}

TEST(Text, IsWrappedBetweenWords) {
  EXPECT_EQ(wrapped("one two three", 0, 2), "one two three");
  EXPECT_EQ(wrapped("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(wrapped("a overlongword b", 6, 1), "a\n overlongword\n b");
}

TEST(Text, HasAFormWithoutUtf8) {
  EXPECT_EQ(ascii("gr\xc3\xbc\xc3\x9f 漢"), "gr?? ??");
}

TEST(Text, NothingInvisibleMakesTwoNamesAlike) {
  EXPECT_EQ(safe("a\xe2\x80\x8b"
                 "b"),
            "a\\u200bb");
  EXPECT_EQ(safe("a\xf3\xa0\x81\x81"), "a\\ue0041");
}

TEST(Bars, AreAsLongAsTheShare) {
  constexpr Style utf8{.utf8 = true};
  EXPECT_EQ(bar(0.5, 5, utf8), "██▌");
  EXPECT_EQ(bar(0.5, 5, Style()), "##");
  EXPECT_EQ(bar(1, 3, utf8), "███");
  EXPECT_EQ(bar(2, 3, Style()), "###");
  EXPECT_EQ(bar(0, 3, utf8), "");
  EXPECT_EQ(bar(1e-6, 3, utf8), "▏");
  EXPECT_EQ(gauge(0.5, 5, Tint::busy, utf8), "██▌░░");
}

TEST(Units, SizesAreRounded) {
  EXPECT_EQ(human_size(0), "0 B");
  EXPECT_EQ(human_size(1023), "1023 B");
  EXPECT_EQ(human_size(64 * 1024), "64 KiB");
  EXPECT_EQ(human_size(1024 * 1024 - 1), "1.0 MiB");
  EXPECT_EQ(human_size(1536ULL << 20), "1.5 GiB");
  EXPECT_EQ(human_size(999'999'999), "954 MiB");
  EXPECT_EQ(human_size(~0ULL), "16.0 EiB");
  EXPECT_EQ(human_part(27ULL << 20, 63'018'000), "27.0/60.1 MiB");
  EXPECT_EQ(human_part(3, 700), "3/700 B");
  EXPECT_EQ(human_part(0, 0), "0/0 B");
}

TEST(Units, DurationsHaveTwoUnitsAtMost) {
  EXPECT_EQ(human_duration(0.424), "0.42 s");
  EXPECT_EQ(human_duration(59.9), "59.9 s");
  EXPECT_EQ(human_duration(59.97), "1 min");
  EXPECT_EQ(human_duration(3'599.6), "1 h");
  EXPECT_EQ(human_duration(3 * 86'400 + 4 * 3'600 + 59), "3 d 4 h");
  EXPECT_EQ(human_age(-0.3), "0 s ago");
  EXPECT_EQ(human_age(59.9), "59 s ago");
  EXPECT_EQ(human_age(3'599), "59 min ago");
  EXPECT_EQ(human_age(50 * 3'600), "2 d ago");
  EXPECT_EQ(clock_duration(7), "0:07");
  EXPECT_EQ(clock_duration(3'723), "1:02:03");
  EXPECT_EQ(human_milliseconds(0.421), "0.42 ms");
  EXPECT_EQ(human_milliseconds(120.4), "120 ms");
}

TEST(Cells, PlainFormsLoseNothing) {
  EXPECT_EQ(size_cell(123'456'789).plain, "123456789");
  EXPECT_EQ(milliseconds_cell(0.25).plain, "0.25");
  EXPECT_EQ(duration_cell(2.52299).plain, "2.523");
  EXPECT_EQ(age_cell("2024-05-01T10:00:00Z").plain, "2024-05-01T10:00:00Z");
  EXPECT_EQ(text_cell(Value::Array{1, "b"}).plain, "1,b");
  EXPECT_EQ(text_cell(Value::name("\xff\n")).plain, "\xEF\xBF\xBD\\n");
}

TEST(Cells, WhatIsNotThereIsADash) {
  for (const Cell& cell :
       {text_cell(Value()), size_cell("x"), rate_cell(-1), duration_cell(Value()),
        milliseconds_cell(true), age_cell(Value()), state_cell("")}) {
    EXPECT_EQ(cell.text, "-");
    EXPECT_EQ(cell.plain, "");
  }
}

TEST(Table, AlignsOnATerminalAndSeparatesByTabsWhenPiped) {
  Table table({{"NAME"}, {"SIZE", Column::number}, {"STATE"}});
  table.row({text_cell("漢字"), size_cell(2'048), state_cell("done")});
  table.row({text_cell("abcdef"), size_cell(5), text_cell(Value())});
  EXPECT_EQ(table.drawn(terminal), "NAME     SIZE  STATE\n"
                                   "漢字    2 KiB  done\n"
                                   "abcdef    5 B  -\n");
  EXPECT_EQ(table.drawn(piped), "漢字\t2048\tdone\nabcdef\t5\t\n");
}

TEST(Table, TextGivesWayWhereTheTerminalIsNarrow) {
  Table table({{"NAME"}, {"SIZE", Column::number}, {"ID", Column::id}, {"PATH"}});
  table.row({text_cell("a-name-of-some-length"), size_cell(123'456'789),
             text_cell(std::string(64, 'a')), path_cell("/srv/images/debian.iso")});
  Style style{.terminal = true, .utf8 = true};
  for (const std::size_t columns : {200U, 64U}) {
    style.columns = columns;
    EXPECT_NE(table.drawn(style).find("a-name-of-some-length  118 MiB  aaaaaaaa  /srv/images/deb"),
              std::string::npos);
  }
  style.columns = 50;
  EXPECT_EQ(table.drawn(style), "NAME               SIZE  ID        PATH\n"
                                "a-name-of-som…  118 MiB  aaaaaaaa  …ges/debian.iso\n");
  style.columns = 10; // less than what must stay
  EXPECT_EQ(table.drawn(style, false), "a-name-…  118 MiB  aaaaaaaa  …ian.iso\n");
}

TEST(Table, ColourTakesNoColumns) {
  Table table({{"STATE"}, {"N", Column::number}});
  table.row({state_cell("failed"), text_cell(1)});
  EXPECT_EQ(table.drawn({.terminal = true, .escapes = true, .colour = true}),
            "\x1b[1mSTATE\x1b[0m   \x1b[1mN\x1b[0m\n\x1b[31mfailed\x1b[0m  1\n");
}

TEST(Table, IdsAreCutWhereTheyAreStillApart) {
  const auto ids = [](std::initializer_list<const char*> list) {
    Table table({{"ID", Column::id}});
    for (const char* id : list) table.row({text_cell(id)});
    return table.drawn(terminal, false);
  };
  EXPECT_EQ(ids({"aaaaaaaaaaaaaaaa", "abaaaaaaaaaaaaaa"}), "aaaaaaaa\nabaaaaaa\n");
  EXPECT_EQ(ids({"aaaaaaaaaabaaaaa", "aaaaaaaaaacaaaaa"}), "aaaaaaaaaab\naaaaaaaaaac\n");
  EXPECT_EQ(ids({"aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa"}), "aaaaaaaa\naaaaaaaa\n");
}

TEST(Lines, HoldFieldsAsTheyAreDescribed) {
  const Value::Array rows{Value{{"name", "a\tb"}, {"rate", 2.9}, {"eta_s", 1.23456}, {"size", 7U}},
                          Value{{"name", Value()}, {"size", 8U}}};
  EXPECT_EQ(plain_lines(result_of("fetch"), {"name", "size", "rate", "eta_s"}, rows),
            "a\\tb\t7\t2\t1.235\n\t8\t\t\n");
  EXPECT_EQ(plain_lines(result_of("ping"), {"peer.name", "rtt_ms"},
                        Value::Array{
                            Value{{"peer", {{"name", "x"}}}, {"rtt_ms", Value::Array{0.25, 1.5}}}}),
            "x\t0.25,1.5\n");
  EXPECT_EQ(plain_lines(row_of("bans", "bans"), {"id"}, {}), "");
}

TEST(Json, KeepsOrderAndReplacesWhatIsNotUtf8) {
  const Value answer{{"z", Value::name("\xff")}, {"a", Value()}, {"l", Value::Array{1, -1, 0.5}}};
  EXPECT_EQ(json_line(with_schema(answer)),
            "{\"schema\":1,\"z\":\"\xEF\xBF\xBD\",\"a\":null,\"l\":[1,-1,0.5]}\n");
  EXPECT_EQ(json_line(with_schema(Value())), "{\"schema\":1}\n");
}

TEST(Json, ControlCharactersAreEscaped) {
  EXPECT_EQ(json_line({{"a", "\x1b\x7f\xc2\x9b\xc3\xbc"}}),
            "{\"a\":\"\\u001b\\u007f\\u009b\xc3\xbc\"}\n");
}

} // namespace
} // namespace p2pd::ctl
