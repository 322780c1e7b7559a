from django.contrib.admin import AdminSite as DjangoAdminSite


class AdminSite(DjangoAdminSite):
    site_header = site_title = "规划中期评估系统 后台管理"
    index_title = "后台管理"
