"""The channels a new community starts with: two levels, English and Chinese names.

Operators rename, add and hide channels in the admin; this list is only the first sowing.
Shape: (slug, English name, Chinese name, children), children in the same shape without children.
"""

from __future__ import annotations

DEFAULT_CHANNELS: list[tuple[str, str, str, list[tuple[str, str, str]]]] = [
    (
        "food",
        "Food",
        "美食",
        [
            ("coffee", "Coffee", "咖啡"),
            ("home-cooking", "Home cooking", "家常菜"),
            ("baking", "Baking", "烘焙"),
            ("restaurants", "Restaurants", "探店"),
        ],
    ),
    (
        "travel",
        "Travel",
        "旅行",
        [
            ("city-walks", "City walks", "城市漫步"),
            ("nature", "Nature trips", "自然之旅"),
            ("stays", "Stays", "住宿"),
        ],
    ),
    (
        "fashion",
        "Fashion",
        "穿搭",
        [
            ("outfits", "Outfits", "每日穿搭"),
            ("vintage", "Vintage", "古着"),
        ],
    ),
    (
        "beauty",
        "Beauty",
        "美妆",
        [
            ("skincare", "Skincare", "护肤"),
            ("make-up", "Make-up", "彩妆"),
        ],
    ),
    (
        "home",
        "Home",
        "家居",
        [
            ("interiors", "Interiors", "装修"),
            ("plants", "Plants", "植物"),
            ("tidying", "Tidying", "收纳"),
        ],
    ),
    (
        "sport",
        "Sport",
        "运动",
        [
            ("running", "Running", "跑步"),
            ("cycling", "Cycling", "骑行"),
            ("hiking", "Hiking", "徒步"),
            ("fitness", "Fitness", "健身"),
        ],
    ),
    (
        "craft",
        "Craft",
        "手作",
        [
            ("pottery", "Pottery", "陶艺"),
            ("knitting", "Knitting", "编织"),
            ("woodwork", "Woodwork", "木工"),
        ],
    ),
    (
        "books",
        "Books",
        "读书",
        [
            ("reading", "Reading", "阅读"),
            ("writing", "Writing", "写作"),
        ],
    ),
    (
        "art",
        "Art",
        "艺术",
        [
            ("illustration", "Illustration", "插画"),
            ("exhibitions", "Exhibitions", "看展"),
            ("photography", "Photography", "摄影"),
        ],
    ),
    (
        "pets",
        "Pets",
        "萌宠",
        [
            ("cats", "Cats", "猫"),
            ("dogs", "Dogs", "狗"),
        ],
    ),
    (
        "tech",
        "Tech",
        "科技",
        [
            ("gadgets", "Gadgets", "数码"),
            ("coding", "Coding", "编程"),
        ],
    ),
    (
        "music",
        "Music",
        "音乐",
        [
            ("live", "Live music", "现场"),
            ("playing", "Playing", "演奏"),
        ],
    ),
    (
        "life",
        "Life",
        "生活",
        [
            ("news", "News", "时事"),
            ("work", "Work and study", "学习工作"),
            ("family", "Family", "亲子"),
            ("money", "Money", "理财"),
        ],
    ),
    (
        "film-games",
        "Film and games",
        "影视游戏",
        [
            ("film", "Film and series", "影视"),
            ("games", "Games", "游戏"),
        ],
    ),
]
