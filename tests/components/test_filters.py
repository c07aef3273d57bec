from components.filters import places


def test_a_place_is_searched_among_those_with_data_and_what_lies_around_them() -> None:
    found = dict(places(("74.71",), "74.71"))
    assert found["74"] == "Sulawesi Tenggara"
    assert found["74.71.01"] == "Mandonga"
    assert sum(code.count(".") == 3 for code in found) == 65
    assert not any(code.startswith("31") for code in found)


def test_larger_places_come_before_smaller_ones() -> None:
    depths = [code.count(".") for code, _ in places(("74.71",), "74.71")]
    assert depths == sorted(depths)


def test_of_a_whole_country_only_the_kelurahan_of_the_own_province_are_handed_out() -> None:
    found = [code for code, _ in places(tuple(str(province) for province in (11, 31, 32, 33, 35, 74)), "31.71")]
    assert {code[:2] for code in found if code.count(".") == 3} == {"31"}
    assert len(found) < 6000
